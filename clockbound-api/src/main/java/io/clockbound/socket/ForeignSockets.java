/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** Sockets by the runtime's own interface to native code, {@code java.lang.foreign}. */
final class ForeignSockets implements NativeSockets {

    private static final int FIRST_VERSION = 22;

    /** Those whose numbers and calling conventions {@link ForeignCalls} has. */
    private static final Set<String> MACHINES = Set.of("amd64", "aarch64");

    private ForeignSockets() {}

    /**
     * Links the functions.
     *
     * @throws IOException when this runtime cannot; the message has the reason
     */
    static ForeignSockets link() throws IOException {
        Optional<String> obstacle = obstacle();
        if (obstacle.isPresent()) {
            throw new IOException(obstacle.get());
        }
        try {
            ForeignCalls.link();
            return new ForeignSockets();
        } catch (LinkageError | RuntimeException e) { // IllegalCallerException where native access is denied
            throw new IOException(
                    "this Java runtime does not let java.lang.foreign call the kernel: allow it with"
                            + " --enable-native-access=ALL-UNNAMED, on a module path --enable-native-access=io.clockbound ("
                            + (e.getCause() == null ? e : e.getCause()) + ")",
                    e);
        }
    }

    /** Returns why this runtime cannot have such sockets, whatever its options; empty when it can. */
    static Optional<String> obstacle() {
        int version = Runtime.version().feature();
        String machine = System.getProperty("os.name") + " on " + System.getProperty("os.arch");
        if (version < FIRST_VERSION) {
            return Optional.of("native 'ffm' needs Java " + FIRST_VERSION + " or later, and this is Java " + version
                    + ": choose auto or junixsocket, or run on a later Java");
        }
        return System.getProperty("os.name").equals("Linux") && MACHINES.contains(System.getProperty("os.arch"))
                ? Optional.empty()
                : Optional.of("native 'ffm' needs Linux on amd64 or aarch64, and this is " + machine
                        + ": choose auto or junixsocket");
    }

    @Override
    public String name() {
        return NativeChoice.ffm.name();
    }

    @Override
    public void load() {
        // it is linked
    }

    @Override
    public NativeBytes allocate(int capacity) {
        return ForeignCalls.allocate(capacity);
    }

    @Override
    public DatagramServerSocket bind(Path path, int maxSendBufferBytes) throws IOException {
        return ForeignServerSocket.bind(path, maxSendBufferBytes);
    }

    @Override
    public StreamServerSocket listen(Path path, int backlog) throws IOException {
        return ForeignStreamServerSocket.bind(path, backlog);
    }

    @Override
    public UnixDatagramSocket open() throws IOException {
        return ForeignSocket.open();
    }

    @Override
    public boolean isServed(Path path) {
        try (UnixDatagramSocket client = open()) {
            client.connect(UnixName.of(path));
            return true;
        } catch (IOException e) {
            return false; // a socket left by a killed daemon, or one of another type
        }
    }
}
