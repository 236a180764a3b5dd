/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.ClockStatus;
import io.clockbound.chrony.testing.TestChronyd;
import io.clockbound.it.DaemonProcess;
import io.clockbound.it.DatagramClient;
import io.clockbound.it.Deadline;
import io.clockbound.it.Prerequisites;
import io.clockbound.it.Reading;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/** Clients that send whatever they like and never read. */
class FloodIT {

    private static final byte[] NOW = {1, 1, 0, 0};
    private static final int WARM_UP = 20_000;
    private static final int FLOOD = 100_000;
    private static final int LONGEST_DATAGRAM = 40;
    private static final long GROWTH_ALLOWED_KIB = 12 * 1024;

    @TempDir
    private Path directory;

    @BeforeAll
    static void require() {
        Prerequisites.require();
    }

    @Test
    @Timeout(120)
    void memoryStaysAndOthersAreServed() throws Exception {
        try (TestChronyd server = TestChronyd.server();
                TestChronyd chronyd = TestChronyd.client(server.ntpPort());
                DaemonProcess daemon = DaemonProcess.start(directory.resolve("run"), chronyd.commandPort())
                        .awaitSocket();
                DatagramClient innocent = new DatagramClient(directory.resolve("innocent"), daemon.socket())) {
            Deadline.await(() -> "synchronisation", () -> innocent.now().isTrusted());
            flood(daemon.socket(), WARM_UP).join();
            long beforeKib = daemon.residentKib();
            CompletableFuture<Void> flood = flood(daemon.socket(), FLOOD);
            int served = 0;
            while (!flood.isDone()) {
                Reading reading = innocent.now();
                assertThat(reading.status()).isEqualTo(ClockStatus.SYNCHRONIZED);
                assertThat(reading.holdsWallClock()).as(reading.toString()).isTrue();
                served++;
            }
            flood.join();
            long afterKib = daemon.residentKib();
            assertThat(served).isGreaterThan(100);
            assertThat(afterKib - beforeKib).isLessThan(GROWTH_ALLOWED_KIB);
        }
    }

    /** Sends nonsense and requests, from a client that could be answered and never reads, and from one that could not. */
    private CompletableFuture<Void> flood(Path server, int count) {
        return CompletableFuture.runAsync(() -> {
            Random random = new Random(count);
            Path name = directory.resolve("flood" + count);
            try (AFUNIXDatagramChannel named = AFUNIXDatagramChannel.open();
                    AFUNIXDatagramChannel nameless = AFUNIXDatagramChannel.open()) {
                named.bind(AFUNIXSocketAddress.of(name));
                AFUNIXSocketAddress address = AFUNIXSocketAddress.of(server);
                for (int i = 0; i < count; i++) {
                    byte[] datagram = i % 4 == 0 ? NOW : random(random);
                    AFUNIXDatagramChannel from = i % 2 == 0 ? named : nameless;
                    from.send(ByteBuffer.wrap(datagram), address);
                }
            } catch (IOException e) {
                throw new IllegalStateException("the flood ends early", e);
            }
        });
    }

    private static byte[] random(Random random) {
        byte[] datagram = new byte[random.nextInt(LONGEST_DATAGRAM)];
        random.nextBytes(datagram);
        return datagram;
    }
}
