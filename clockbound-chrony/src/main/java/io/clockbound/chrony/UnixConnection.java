/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import io.clockbound.socket.NativeSockets;
import io.clockbound.socket.UnixDatagramSocket;
import io.clockbound.socket.UnixName;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

/**
 * A connection to chronyd's Unix socket.
 *
 * @param ownFile the file to which chronyd sends its replies
 */
record UnixConnection(UnixDatagramSocket socket, Path ownFile) implements Connection {

    private static final String OWN_NAMES = "clockbound.*.sock";
    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * Opens a socket to chronyd with a file of its own, beside chronyd's: chronyd replies to that file, and AppArmor lets
     * it write in its own directory only.
     */
    static Connection open(UnixAddress server) throws IOException {
        Path own = ownFile(server);
        deleteStale(server);
        UnixDatagramSocket socket = openSocket();
        UnixConnection connection = new UnixConnection(socket, own);
        try {
            Files.deleteIfExists(own);
            socket.bind(UnixName.of(own));
            // chronyd runs as another user and must write to it
            Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rw-rw-rw-"));
            socket.connect(UnixName.of(server.path()));
            return connection;
        } catch (IOException e) {
            connection.close();
            throw server.explain(e);
        }
    }

    private static UnixDatagramSocket openSocket() throws IOException {
        try {
            return NativeSockets.chosen().open();
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "; or ask over UDP (127.0.0.1:323) instead", e);
        }
    }

    @Override
    public int write(ByteBuffer datagram) throws IOException {
        int length = datagram.remaining();
        return socket.send(datagram) ? length : 0;
    }

    @Override
    public int read(ByteBuffer datagram) throws IOException {
        return socket.receive(datagram);
    }

    @Override
    public void awaitReadable(long timeoutMillis) throws IOException {
        socket.await(SelectionKey.OP_READ, timeoutMillis);
    }

    @Override
    public void close() throws IOException {
        try (socket) {
            Files.deleteIfExists(ownFile);
        }
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
        try (UnixDatagramSocket probe = openSocket()) {
            probe.connect(UnixName.of(file));
            return false;
        } catch (ConnectException e) {
            return true;
        } catch (SocketException e) {
            return false; // it is in use, or gone
        }
    }
}
