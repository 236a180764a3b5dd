/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of every way into the kernel that this runtime has begin with: each test gets each way. */
@Timeout(60)
abstract class EachNativeSockets {

    static final int SEND_BUFFER_BYTES = 212_992;
    static final long UNTIL_WOKEN = -1;
    static final long LONG_MILLIS = 50_000;

    @TempDir
    Path directory;

    static Stream<NativeSockets> all() throws IOException {
        List<NativeSockets> all = new ArrayList<>(List.of(new JunixSockets()));
        if (NativeChoice.ffm.obstacle().isEmpty()) {
            all.add(NativeChoice.ffm.sockets());
        }
        return all.stream();
    }

    Path path() {
        return directory.resolve("socket");
    }

    DatagramServerSocket bind(NativeSockets sockets) throws IOException {
        return sockets.bind(path(), SEND_BUFFER_BYTES);
    }

    UnixDatagramSocket connected(NativeSockets sockets, String name) throws IOException {
        UnixDatagramSocket client = sockets.open();
        client.bind(UnixName.inAbstractNamespace(name));
        client.connect(UnixName.of(path()));
        return client;
    }

    static ByteBuffer bytes(String text) {
        return StandardCharsets.ISO_8859_1.encode(text);
    }

    static String received(UnixDatagramSocket client, int capacity) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(capacity);
        client.receive(bytes);
        return StandardCharsets.ISO_8859_1.decode(bytes.flip()).toString();
    }

    static <T extends @Nullable Object> CompletableFuture<T> run(String name, Callable<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        result.complete(work.call());
                    } catch (Exception | AssertionError e) {
                        result.completeExceptionally(e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    /** The server's side of an exchange, with memory of its own. */
    static final class Exchange {

        static final int CAPACITY = 20;

        private final DatagramServerSocket server;
        private final NativeBytes request;
        private final NativeBytes response;
        final DatagramPeer peer;

        Exchange(NativeSockets sockets, DatagramServerSocket server) {
            this.server = server;
            request = sockets.allocate(CAPACITY);
            response = sockets.allocate(CAPACITY);
            peer = new DatagramPeer(sockets);
        }

        /** Returns the request that was received, or null. */
        @Nullable
        String receive(long waitMillis) throws IOException {
            request.bytes().clear();
            return server.receive(request, peer, waitMillis)
                    ? StandardCharsets.ISO_8859_1.decode(request.bytes().flip()).toString()
                    : null;
        }

        boolean answer(String text) throws IOException {
            response.bytes().clear().put(bytes(text)).flip();
            return server.send(response, peer);
        }
    }
}
