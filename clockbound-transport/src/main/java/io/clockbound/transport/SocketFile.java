/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/**
 * The name in the run directory under which clients find a datagram socket.
 *
 * <p>A socket takes the name from the one before in the same instant, and one with a mode or group of its own when it has
 * them.
 */
final class SocketFile implements AutoCloseable {

    /** What fits beside its final zero into {@code sockaddr_un.sun_path}. */
    private static final int MAX_PATH_BYTES = 107;

    private static final int TYPE_MASK = 0170000;
    private static final int SOCKET_TYPE = 0140000;

    private final RunDirectory directory;
    private final SocketSettings settings;
    private final Path path;
    private final int maxSendBufferBytes;

    private SocketFile(RunDirectory directory, SocketSettings settings, Path path, int maxSendBufferBytes) {
        this.directory = directory;
        this.settings = settings;
        this.path = path;
        this.maxSendBufferBytes = maxSendBufferBytes;
    }

    /**
     * Claims the name.
     *
     * @throws IOException when it cannot be used, or somebody else does
     */
    static SocketFile claim(SocketSettings settings, String transport, String name, int maxSendBufferBytes)
            throws IOException {
        requireFits(settings.runDirectory().resolve(name));
        RunDirectory directory = RunDirectory.hold(settings.runDirectory(), transport);
        try {
            Path path = directory.file(name);
            requireFits(path);
            requireFree(path);
            return new SocketFile(directory, settings, path, maxSendBufferBytes);
        } catch (IOException e) {
            directory.close();
            throw e;
        }
    }

    Path path() {
        return path;
    }

    /** Opens the first socket of that name. */
    ServerSocket open() throws IOException {
        if (!settings.isForEverybody()) {
            return replace(); // junixsocket opens a socket to everybody, and only then can its mode be set
        }
        requireSocketOrNothing(path);
        Files.deleteIfExists(path);
        // in place, for where a socket is bound is what its clients and the kernel call it
        return ServerSocket.bind(path, maxSendBufferBytes);
    }

    /** Opens a socket beside and gives it the name: there is no instant without one. */
    ServerSocket replace() throws IOException {
        requireSocketOrNothing(path);
        Path workshop = directory.createWorkshop();
        // shorter than the name, so it fits where the name does
        Path unfinished = workshop.resolve("s");
        Files.deleteIfExists(unfinished);
        ServerSocket socket = ServerSocket.bind(unfinished, maxSendBufferBytes);
        try {
            settings.apply(unfinished);
            Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return socket;
        } catch (IOException e) {
            socket.close();
            Files.deleteIfExists(unfinished);
            throw e;
        } finally {
            Files.deleteIfExists(workshop);
        }
    }

    /** Removes the socket's file and gives up the name. */
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
        requireSocketOrNothing(path);
        try (AFUNIXDatagramChannel probe = AFUNIXDatagramChannel.open()) {
            probe.connect(AFUNIXSocketAddress.of(path));
        } catch (IOException e) {
            return; // nothing there, or left by a daemon that was killed
        } catch (LinkageError e) {
            throw new IOException(
                    "junixsocket's native library cannot be loaded: it is unpacked into java.io.tmpdir, "
                            + System.getProperty("java.io.tmpdir") + ", which must be writable and not mounted noexec;"
                            + " choose another directory with -Djava.io.tmpdir=DIR",
                    e);
        }
        throw new IOException(
                "another program serves at " + path + ": stop it, or choose another directory with --run-dir");
    }

    private static void requireSocketOrNothing(Path path) throws IOException {
        try {
            int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            if ((mode & TYPE_MASK) != SOCKET_TYPE) {
                throw new IOException(path + " is not a socket: remove it, or choose another directory with --run-dir");
            }
        } catch (NoSuchFileException e) {
            // free
        }
    }
}
