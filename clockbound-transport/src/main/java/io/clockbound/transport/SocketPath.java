/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.socket.NativeSockets;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.Charset;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The path in the run directory under which clients find a socket.
 *
 * <p>A new socket replaces the previous one atomically; one with a mode or group of its own appears only after these are set.
 *
 * @param <S> the type of the socket
 */
final class SocketPath<S extends Closeable> implements AutoCloseable {

    /** The maximum of the JDK; the kernel allows one byte more. */
    private static final int MAX_PATH_BYTES = 106;

    private static final int TYPE_MASK = 0170000;
    private static final int SOCKET_TYPE = 0140000;

    private final ServerDirectory directory;
    private final SocketSettings settings;
    private final Path path;
    private final Binder<S> binder;

    /** Opens a socket at a path that does not exist. */
    interface Binder<S> {
        S bind(Path path) throws IOException;
    }

    private SocketPath(ServerDirectory directory, SocketSettings settings, Path path, Binder<S> binder) {
        this.directory = directory;
        this.settings = settings;
        this.path = path;
        this.binder = binder;
    }

    /**
     * Claims the path.
     *
     * @throws IOException when it cannot be used, or another program uses it
     */
    static <S extends Closeable> SocketPath<S> claim(
            SocketSettings settings, String transport, String name, Binder<S> binder) throws IOException {
        requireFits(settings.runDirectory().resolve(name));
        ServerDirectory directory = ServerDirectory.hold(settings.runDirectory(), transport);
        try {
            Path path = directory.file(name);
            requireFits(path);
            requireFree(path);
            return new SocketPath<>(directory, settings, path, binder);
        } catch (IOException e) {
            directory.close();
            throw e;
        }
    }

    /** Returns what would keep a socket of this name from being served. */
    static List<String> problems(SocketSettings settings, String name) {
        List<String> problems = new ArrayList<>();
        ServerDirectory.problem(settings.runDirectory(), "run-dir", Map.of()).ifPresent(problems::add);
        Path path = settings.runDirectory().resolve(name);
        try {
            requireFits(path);
            requireSocketOrNothing(path);
        } catch (AccessDeniedException e) {
            // a directory that may not be searched, as said above
        } catch (IOException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
        settings.missingGroup().ifPresent(problems::add);
        return problems;
    }

    Path path() {
        return path;
    }

    @Override
    public String toString() {
        return path.toString();
    }

    /** Returns what it means that another program has removed the socket; nothing while it is there. */
    List<String> removal() {
        return Files.notExists(path, LinkOption.NOFOLLOW_LINKS)
                ? List.of(path + " was removed by another program, and no client finds this daemon by it: restart it")
                : List.of();
    }

    /** Opens the first socket at the path. */
    S open() throws IOException {
        if (!settings.isForEverybody()) {
            return replace(); // every user could connect until the mode is set
        }
        requireSocketOrNothing(path);
        Files.deleteIfExists(path);
        // in place: clients and the kernel name a socket by the path to which it was bound
        return bind(path);
    }

    /** Opens a socket elsewhere and renames it to the path, so that clients always find one. */
    S replace() throws IOException {
        requireSocketOrNothing(path);
        Path staging = directory.createStagingDirectory();
        // shorter than the file name, so it fits wherever that fits
        Path unfinished = staging.resolve("s");
        try {
            Files.deleteIfExists(unfinished);
            return bind(unfinished);
        } finally {
            Files.deleteIfExists(staging);
        }
    }

    /** Opens a socket and renames it to the path if it is bound elsewhere. */
    private S bind(Path place) throws IOException {
        S socket = binder.bind(place);
        try {
            settings.apply(place);
            if (!place.equals(path)) {
                Files.move(place, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
            return socket;
        } catch (IOException e) {
            socket.close();
            Files.deleteIfExists(place);
            throw e;
        }
    }

    /** Removes the socket's file and releases the path. */
    @Override
    public void close() throws IOException {
        try (directory) {
            requireSocketOrNothing(path);
            Files.deleteIfExists(path);
        }
    }

    private static void requireFits(Path path) throws IOException {
        int length = path.toString().getBytes(Charset.defaultCharset()).length;
        if (length > MAX_PATH_BYTES) {
            throw new IOException("socket path " + path + " has " + length + " bytes; at most " + MAX_PATH_BYTES
                    + " fit: choose a shorter --run-dir");
        }
    }

    private static void requireFree(Path path) throws IOException {
        // checked only if a file exists: loading the classes for the check would slow down every start
        if (requireSocketOrNothing(path) && isServed(path)) {
            throw new IOException(
                    "another program serves at " + path + ": stop it, or choose another directory with --run-dir");
        }
    }

    private static boolean isServed(Path path) throws IOException {
        if (NativeSockets.chosen().isServed(path)) {
            return true;
        }
        try (SocketChannel stream = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            stream.configureBlocking(false); // the queue of a stopped program may be full
            stream.connect(UnixDomainSocketAddress.of(path));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Tells whether a socket exists, served or not; anything else is an error. */
    private static boolean requireSocketOrNothing(Path path) throws IOException {
        try {
            int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            if ((mode & TYPE_MASK) != SOCKET_TYPE) {
                throw new IOException(path + " is not a socket: remove it, or choose another directory with --run-dir");
            }
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
