/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The Unix socket of chronyd.
 *
 * @param path absolute path of its file
 */
record UnixAddress(Path path) implements ChronyAddress {

    static final String PREFIX = "unix:";

    /** The longest path that the kernel takes as the address of a Unix socket, without the zero that ends it. */
    static final int MAX_PATH_BYTES = 107;

    static UnixAddress parse(String text) {
        String path = text.substring(PREFIX.length());
        if (!path.startsWith("/") || path.endsWith("/")) {
            throw ChronyAddress.bad(
                    text,
                    "the path must be that of a file and begin with /, as in " + PREFIX + "/run/chrony/chronyd.sock");
        }
        if (path.getBytes(StandardCharsets.UTF_8).length > MAX_PATH_BYTES) {
            throw ChronyAddress.bad(text, "the path is longer than " + MAX_PATH_BYTES + " bytes");
        }
        try {
            return new UnixAddress(Path.of(path));
        } catch (InvalidPathException e) {
            throw ChronyAddress.bad(text, e.getReason());
        }
    }

    /** Returns where the sockets of both sides are. */
    Path directory() {
        Path directory = path.getParent();
        return directory == null ? path : directory;
    }

    @Override
    public Connection connect(HostLookup names, long lookupNanos) throws IOException {
        requireAccess(); // before the native library is loaded, for hosts where this address is of no use
        return UnixConnection.open(this);
    }

    @Override
    public void requirePermission() throws AccessDeniedException {
        try {
            requireAccess();
        } catch (AccessDeniedException e) {
            throw e;
        } catch (IOException e) {
            // chronyd does not run yet: the daemon asks it as soon as it does
        }
    }

    private void requireAccess() throws IOException {
        Path directory = directory();
        try {
            if (!Files.readAttributes(directory, BasicFileAttributes.class).isDirectory()) {
                throw notThere();
            }
        } catch (AccessDeniedException e) {
            throw denied("this user may not enter a directory above " + directory);
        } catch (NoSuchFileException e) {
            throw notThere();
        }
        if (!Files.isWritable(directory) || !Files.isExecutable(directory)) {
            throw denied("this user may not create a socket for the replies in " + directory);
        }
        if (!Files.exists(path)) {
            throw notThere();
        }
        if (!Files.isWritable(path)) {
            throw denied("this user may not write to the socket");
        }
    }

    private static AccessDeniedException denied(String why) {
        return new AccessDeniedException(
                null,
                null,
                "permission denied: " + why
                        + "; where chronyd listens on no UDP port, run as root or as chronyd's user");
    }

    private static IOException notThere() {
        return new NoSuchFileException(
                null,
                null,
                "no such socket: chronyd is not running, or its bindcmdaddress in chrony.conf is another path");
    }

    @Override
    public IOException explain(IOException failure) {
        return failure instanceof ConnectException
                ? new ConnectException("connection refused: nothing listens there; chronyd died, start it again")
                : failure;
    }

    @Override
    public String whyNoReply() {
        return "no reply: chronyd is stopped, or may not write to the socket beside its own to which it should reply"
                + " (AppArmor lets it write in its own directory only, usually /run/chrony)";
    }

    @Override
    public String toString() {
        return PREFIX + path;
    }
}
