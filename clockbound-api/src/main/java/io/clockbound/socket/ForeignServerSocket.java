/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.file.Path;

/**
 * A server's socket by {@code java.lang.foreign}.
 *
 * <p>While nothing else is to be done its thread waits in the call that receives, so a request takes two system calls.
 */
final class ForeignServerSocket implements DatagramServerSocket {

    private final ForeignDescriptor descriptor;

    private volatile boolean isWoken;
    private boolean isClosed;

    private ForeignServerSocket(ForeignDescriptor descriptor) {
        this.descriptor = descriptor;
    }

    static ForeignServerSocket bind(Path path, int maxSendBufferBytes) throws IOException {
        ForeignDescriptor descriptor = ForeignDescriptor.open(ForeignCalls.SOCK_DGRAM);
        try {
            descriptor.bind(UnixName.of(path));
            descriptor.setSendBufferBytes(maxSendBufferBytes);
            int grantedBytes = descriptor.sendBufferBytes() / 2;
            descriptor.setSendBufferBytes(Math.max(grantedBytes / 2, grantedBytes - RESERVE_BYTES));
            return new ForeignServerSocket(descriptor);
        } catch (IOException e) {
            descriptor.close();
            throw new IOException("cannot bind a socket at " + path, e);
        }
    }

    @Override
    public boolean receive(NativeBytes request, DatagramPeer sender, long waitMillis) throws IOException {
        long count = -1;
        if (waitMillis < 0) {
            sender.makeRoom();
            count = ForeignCalls.quickReceive(descriptor.number(), request, 0, sender);
        } else if (waitMillis > 0) {
            descriptor.poll(SelectionKey.OP_READ, (int) Math.min(waitMillis, Integer.MAX_VALUE));
        }
        if (count < 0) { // it was not tried, or for a reason that this tells
            sender.makeRoom();
            count = ForeignCalls.receive(descriptor.number(), request, ForeignCalls.MSG_DONTWAIT, sender);
        }
        if (count == -Errno.EAGAIN || count == -Errno.EINTR) {
            return false; // the time is over, or a signal came: the server asks again
        }
        if (count < 0) {
            throw Errno.failure(count);
        }
        if (count == 0 && isWoken) {
            return false; // a socket that is shut down always has an empty datagram
        }
        request.bytes().position(request.bytes().position() + (int) count);
        sender.received();
        return true;
    }

    @Override
    public boolean hasRequest() throws IOException {
        return descriptor.poll(SelectionKey.OP_READ, 0);
    }

    @Override
    public boolean send(NativeBytes response, DatagramPeer client) throws IOException {
        int flags = ForeignCalls.MSG_DONTWAIT | ForeignCalls.MSG_NOSIGNAL;
        long count = ForeignCalls.quickSend(descriptor.number(), response, flags, client.memory(), client.length());
        while (count < 0) { // nothing was sent; once more, to learn why
            count = ForeignCalls.send(descriptor.number(), response, flags, client.memory(), client.length());
            if (Errno.isNoRoom(count)) {
                return false;
            }
            if (count < 0 && count != -Errno.EINTR) {
                throw new ClientGoneException(client, Errno.failure(count));
            }
        }
        return true;
    }

    @Override
    public boolean isWritable() throws IOException {
        return descriptor.poll(SelectionKey.OP_WRITE, 0);
    }

    @Override
    public void retire(Path successor) throws IOException {
        descriptor.connect(UnixName.of(successor));
        descriptor.setSendBufferBytes(descriptor.sendBufferBytes() / 2 + RESERVE_BYTES);
    }

    @Override
    public synchronized void wakeUp() {
        isWoken = true;
        if (!isClosed) {
            descriptor.shutdown(ForeignCalls.SHUT_RD);
        }
    }

    @Override
    public synchronized void close() {
        if (!isClosed) {
            isClosed = true;
            descriptor.close();
        }
    }
}
