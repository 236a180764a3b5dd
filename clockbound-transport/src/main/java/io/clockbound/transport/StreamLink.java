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
    private final SocketDeadline readiness;
    // a byte more than any answer has, so that a longer one is noticed
    private final ByteBuffer bytes = ByteBuffer.allocate(StreamFraming.MAX_BYTES + 1);

    private StreamLink(SocketChannel channel, SocketDeadline readiness) {
        this.channel = channel;
        this.readiness = readiness;
    }

    static StreamLink open(Path server, LocalClock local) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.configureBlocking(false);
            if (!channel.connect(UnixDomainSocketAddress.of(server))) {
                throw new IOException("its queue of new connections is full");
            }
            return new StreamLink(channel, SocketDeadline.of(channel, local));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public Response ask(Request request, long deadlineNanos) throws IOException {
        request.encode(bytes.clear());
        readiness.write(channel, bytes.flip(), deadlineNanos);
        bytes.clear();
        while (true) {
            readiness.awaitReadable(deadlineNanos);
            if (channel.read(bytes) < 0) {
                throw new EOFException("it closed the connection");
            }
            if (StreamFraming.hasAnswer(bytes.flip())) {
                return StreamFraming.decodeAnswer(bytes);
            }
            bytes.compact();
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            readiness.close();
        }
    }
}
