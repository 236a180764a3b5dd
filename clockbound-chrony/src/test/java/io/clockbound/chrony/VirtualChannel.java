/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A connected socket on a {@link VirtualNetwork}; it can do what {@link ChronyClient} needs. */
final class VirtualChannel extends DatagramChannel {

    private final VirtualNetwork network;

    VirtualChannel(SelectorProvider provider, VirtualNetwork network) {
        super(provider);
        this.network = network;
        network.open();
    }

    @Override
    public int write(ByteBuffer source) {
        byte[] request = new byte[source.remaining()];
        source.get(request);
        network.send(request);
        return request.length;
    }

    @Override
    public int read(ByteBuffer target) {
        byte[] reply = network.receive();
        if (reply == null) {
            return 0;
        }
        target.put(reply);
        return reply.length;
    }

    @Override
    protected void implCloseSelectableChannel() {}

    @Override
    protected void implConfigureBlocking(boolean isBlocking) {}

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SocketAddress receive(ByteBuffer target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int send(ByteBuffer source, SocketAddress target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public DatagramChannel bind(@Nullable SocketAddress local) {
        throw new UnsupportedOperationException();
    }

    @Override
    public DatagramChannel connect(SocketAddress remote) {
        throw new UnsupportedOperationException();
    }

    @Override
    public DatagramChannel disconnect() {
        throw new UnsupportedOperationException();
    }

    @Override
    public DatagramSocket socket() {
        throw new UnsupportedOperationException();
    }

    @Override
    public SocketAddress getLocalAddress() throws IOException {
        throw new IOException("a virtual socket has no address");
    }

    @Override
    public SocketAddress getRemoteAddress() throws IOException {
        throw new IOException("a virtual socket has no address");
    }

    @Override
    public <T> DatagramChannel setOption(SocketOption<T> name, @Nullable T value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> T getOption(SocketOption<T> name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return Set.of();
    }

    @Override
    public MembershipKey join(InetAddress group, NetworkInterface network) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MembershipKey join(InetAddress group, NetworkInterface network, @Nullable InetAddress source) {
        throw new UnsupportedOperationException();
    }
}
