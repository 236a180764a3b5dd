/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/**
 * A chronyd that answers what a test tells it to, on a real socket.
 *
 * <p>It starts with {@link Answer#tracking()}.
 */
public final class ScriptedChronyd implements Closeable {

    private final @Nullable Path file;
    private final List<byte[]> requests = new CopyOnWriteArrayList<>();
    private SocketAddress address;
    private DatagramChannel channel;
    private Thread thread;
    private volatile Answer answer = Answer.tracking();

    private ScriptedChronyd(SocketAddress wanted, @Nullable Path file) throws IOException {
        this.file = file;
        this.channel = open(wanted, file);
        this.address = channel.getLocalAddress();
        this.thread = serve(channel);
    }

    /** Starts one on a UDP port of 127.0.0.1. */
    public static ScriptedChronyd onUdp() throws IOException {
        return new ScriptedChronyd(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), null);
    }

    /** Starts one on a UDP port of ::1. */
    public static ScriptedChronyd onUdp6() throws IOException {
        byte[] loopback = new byte[16];
        loopback[15] = 1;
        return new ScriptedChronyd(new InetSocketAddress(InetAddress.getByAddress(loopback), 0), null);
    }

    /** Starts one on a Unix datagram socket. */
    public static ScriptedChronyd onUnix(Path file) throws IOException {
        return new ScriptedChronyd(AFUNIXSocketAddress.of(file), file);
    }

    /** Returns where it listens, as the setting {@code address} takes it. */
    public String address() {
        if (file != null) {
            return "unix:" + file;
        }
        InetSocketAddress udp = (InetSocketAddress) address;
        String host = udp.getAddress().getHostAddress();
        return (host.contains(":") ? "[::1]" : host) + ":" + udp.getPort();
    }

    /** Has it answer so from now on. */
    public void answer(Answer next) {
        answer = next;
    }

    /** Returns the requests that came, in their order. */
    public List<byte[]> requests() {
        return List.copyOf(requests);
    }

    /** Ends it as SIGKILL does: the port is closed, the file of a Unix socket stays. */
    public void die() {
        try {
            channel.close();
            thread.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while the scripted chronyd ended", e);
        }
    }

    /** Starts it again where it was. */
    public void restart() throws IOException {
        die();
        channel = open(address, file);
        thread = serve(channel);
    }

    @Override
    public void close() throws IOException {
        die();
        if (file != null) {
            Files.deleteIfExists(file);
        }
    }

    private static DatagramChannel open(SocketAddress address, @Nullable Path file) throws IOException {
        if (file == null) {
            return DatagramChannel.open().bind(address);
        }
        Files.deleteIfExists(file);
        return AFUNIXDatagramChannel.open().bind(address);
    }

    private Thread serve(DatagramChannel served) {
        Thread server = new Thread(() -> answerAll(served), "scripted chronyd");
        server.setDaemon(true);
        server.start();
        return server;
    }

    private void answerAll(DatagramChannel served) {
        ByteBuffer buffer = ByteBuffer.allocate(1024);
        while (served.isOpen()) {
            try {
                SocketAddress client = served.receive(buffer.clear());
                if (client == null) {
                    continue; // a closed junixsocket channel returns so
                }
                byte[] request = Arrays.copyOf(buffer.array(), buffer.position());
                requests.add(request);
                for (byte[] datagram : answer.to(request)) {
                    served.send(ByteBuffer.wrap(datagram), client);
                }
            } catch (IOException e) {
                // the client is gone, or this was closed: the next test of the loop tells
            }
        }
    }
}
