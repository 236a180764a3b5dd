/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.attack;

import io.clockbound.it.DaemonProcess;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/** A client that harms others if it can. Each does its worst in short bouts until its thread is interrupted. */
enum Attacker {
    DATAGRAMS_NEVER_READ("datagrams as fast as they are taken, never reads") {
        @Override
        void bout(DaemonProcess daemon, Path directory, Random random) throws IOException {
            try (AFUNIXDatagramChannel channel = AFUNIXDatagramChannel.open()) {
                channel.bind(AFUNIXSocketAddress.of(directory.resolve("attacker" + random.nextLong())));
                AFUNIXSocketAddress server = AFUNIXSocketAddress.of(daemon.socket());
                for (int i = 0; i < BOUT; i++) {
                    byte[] datagram = i % 2 == 0 ? NOW : bytes(random, random.nextInt(40));
                    channel.send(ByteBuffer.wrap(datagram), server);
                }
            }
        }
    },
    STREAMS_NEVER_READ("streams full of requests, never reads") {
        @Override
        void bout(DaemonProcess daemon, Path directory, Random random) throws IOException {
            try (SocketChannel channel = connect(daemon)) {
                channel.configureBlocking(false);
                for (int i = 0; i < BOUT; i++) {
                    channel.write(ByteBuffer.wrap(NOW));
                }
            }
        }
    },
    STREAMS_STALLED("100 connections that stop within a request") {
        @Override
        void bout(DaemonProcess daemon, Path directory, Random random) throws IOException {
            List<SocketChannel> channels = new ArrayList<>();
            try {
                for (int i = 0; i < 100; i++) {
                    SocketChannel channel = connect(daemon);
                    channels.add(channel);
                    channel.write(ByteBuffer.wrap(NOW, 0, 2));
                }
                Thread.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                for (SocketChannel channel : channels) {
                    channel.close();
                }
            }
        }
    },
    STREAMS_VANISH("connects, sends, vanishes before the response") {
        @Override
        void bout(DaemonProcess daemon, Path directory, Random random) throws IOException {
            for (int i = 0; i < 100; i++) {
                try (SocketChannel channel = connect(daemon)) {
                    channel.write(ByteBuffer.wrap(NOW));
                }
            }
        }
    },
    STREAMS_OF_NOISE("noise of every length up to 64 KiB") {
        @Override
        void bout(DaemonProcess daemon, Path directory, Random random) throws IOException {
            for (int i = 0; i < 10; i++) {
                try (SocketChannel channel = connect(daemon)) {
                    channel.configureBlocking(false);
                    channel.write(ByteBuffer.wrap(bytes(random, random.nextInt(1 << 16))));
                }
            }
        }
    };

    private static final byte[] NOW = {1, 1, 0, 0};
    private static final int BOUT = 1_000;

    private final String what;

    Attacker(String what) {
        this.what = what;
    }

    /** Attacks for some milliseconds; what fails for the attacker is no matter. */
    abstract void bout(DaemonProcess daemon, Path directory, Random random) throws IOException;

    /** Returns what it does, for a person to read. */
    @Override
    public String toString() {
        return what;
    }

    private static SocketChannel connect(DaemonProcess daemon) throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(daemon.streamSocket()));
    }

    private static byte[] bytes(Random random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
