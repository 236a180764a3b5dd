/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.ConnectionRefusedSocketException;

/** Opens Unix datagram sockets; the only class here that loads native code. */
final class UnixConnection {

    private static final String OWN_NAMES = "clockbound.*.sock";
    private static final SecureRandom RANDOM = new SecureRandom();

    private UnixConnection() {}

    /**
     * Opens a socket to chronyd with a file of its own, beside chronyd's: chronyd replies to that file, and AppArmor lets
     * it write in its own directory only.
     */
    static Connection open(UnixAddress server) throws IOException {
        Path own = ownFile(server);
        deleteStale(server);
        AFUNIXDatagramChannel channel = AFUNIXDatagramChannel.open();
        Connection connection = new Connection(channel, own);
        try {
            Files.deleteIfExists(own);
            channel.bind(AFUNIXSocketAddress.of(own));
            // chronyd runs as another user and must write to it
            Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rw-rw-rw-"));
            channel.configureBlocking(false);
            channel.connect(AFUNIXSocketAddress.of(server.path()));
            return connection;
        } catch (IOException e) {
            connection.close();
            throw server.explain(e);
        }
    }

    static boolean isRefusal(IOException failure) {
        return failure instanceof ConnectionRefusedSocketException;
    }

    private static Path ownFile(UnixAddress server) throws IOException {
        String name =
                String.format("clockbound.%d.%08x.sock", ProcessHandle.current().pid(), RANDOM.nextInt());
        Path own = server.directory().resolve(name);
        if (own.toString().getBytes(StandardCharsets.UTF_8).length > UnixAddress.MAX_PATH_BYTES) {
            throw new IOException("the path is too long for a socket of ours beside it, such as " + own);
        }
        return own;
    }

    /** Deletes files of killed processes: those that refuse a connection. A pid means nothing in another container. */
    private static void deleteStale(UnixAddress server) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(server.directory(), OWN_NAMES)) {
            for (Path file : files) {
                if (isStale(file)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (AccessDeniedException e) {
            // the directory is writable but not readable: stale files cannot be found
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static boolean isStale(Path file) throws IOException {
        try (AFUNIXDatagramChannel probe = AFUNIXDatagramChannel.open()) {
            probe.connect(AFUNIXSocketAddress.of(file));
            return false;
        } catch (ConnectionRefusedSocketException e) {
            return true;
        } catch (SocketException e) {
            return false; // it is in use, or gone
        }
    }
}
