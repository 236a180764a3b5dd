/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.LocalClock;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A connection to a stream server. */
final class StreamLink implements SocketLink {

    private final SocketChannel channel;
    private final SocketDeadline deadline;
    // one byte more than the longest response, so that a longer one is noticed
    private final ByteBuffer bytes = ByteBuffer.allocate(StreamFraming.MAX_BYTES + 1);

    private StreamLink(SocketChannel channel, SocketDeadline deadline) {
        this.channel = channel;
        this.deadline = deadline;
    }

    static StreamLink open(Path server, LocalClock local) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.configureBlocking(false);
            if (!channel.connect(UnixDomainSocketAddress.of(server))) {
                throw new IOException("its queue of new connections is full");
            }
            return new StreamLink(channel, new SocketDeadline(Readiness.OfChannel.of(channel), local));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public Response ask(Request request, long deadlineNanos) throws IOException {
        request.encode(bytes.clear());
        deadline.write(channel, bytes.flip(), deadlineNanos);
        bytes.clear();
        while (true) {
            deadline.awaitReadable(deadlineNanos);
            if (channel.read(bytes) < 0) {
                throw new EOFException("it closed the connection");
            }
            if (StreamFraming.hasResponse(bytes.flip())) {
                return StreamFraming.decodeResponse(bytes);
            }
            bytes.compact();
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            deadline.close();
        }
    }
}
