/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.attack;

import io.clockbound.BoundedClock;
import io.clockbound.LocalClock;
import io.clockbound.chrony.testing.TestChronyd;
import io.clockbound.it.DaemonProcess;
import io.clockbound.it.Deadline;
import io.clockbound.transport.ClockBoundClients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** {@code clockbound-it/attack}: prints how long a good client waits alone and beside each attacker. */
final class AttackRun {

    private static final int READINGS = 3_000;
    private static final long PAUSE_NANOS = 1_000_000;
    private static final LocalClock CLOCK = LocalClock.system();

    private AttackRun() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory("attack");
        try (TestChronyd server = TestChronyd.server();
                TestChronyd chronyd = TestChronyd.client(server.ntpPort());
                DaemonProcess daemon = DaemonProcess.start(
                                directory.resolve("run"),
                                chronyd.commandPort(),
                                "--transport",
                                "stream,shm",
                                "--shm-dir",
                                directory.resolve("shm").toString())
                        .awaitSocket()) {
            Path segment = directory.resolve("shm/shm0");
            Deadline.await(
                    () -> "the other transports", () -> Files.exists(daemon.streamSocket()) && Files.exists(segment));
            Map<String, BoundedClock> clients = new LinkedHashMap<>();
            clients.put("datagram", ClockBoundClients.datagram(daemon.socket()));
            clients.put("stream", ClockBoundClients.stream(daemon.streamSocket()));
            clients.put("shared memory", ClockBoundClients.sharedMemory(segment));
            for (BoundedClock client : clients.values()) {
                Deadline.await(() -> "trust", () -> client.read().status().isTrusted());
            }
            print(clients, daemon, directory);
        }
    }

    private static void print(Map<String, BoundedClock> clients, DaemonProcess daemon, Path directory)
            throws Exception {
        System.out.println("| beside | client | p99 alone, µs | p99, µs | ratio | not trusted | daemon, MiB |");
        System.out.println("|---|---|---|---|---|---|---|");
        clients.values().forEach(AttackRun::measure); // until it is compiled
        for (Attacker attacker : Attacker.values()) {
            for (Map.Entry<String, BoundedClock> client : clients.entrySet()) {
                Waited alone = measure(client.getValue());
                Waited beside;
                AtomicLong bouts = new AtomicLong();
                Thread thread = new Thread(() -> attack(attacker, daemon, directory, bouts), "attacker");
                thread.start();
                try {
                    Deadline.await(() -> "the attack", () -> bouts.get() > 0);
                    beside = measure(client.getValue());
                } finally {
                    thread.interrupt();
                    thread.join();
                }
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %s | %.1f | %.1f | %.2f | %d | %d |%n",
                        attacker,
                        client.getKey(),
                        alone.p99Nanos() / 1e3,
                        beside.p99Nanos() / 1e3,
                        beside.p99Nanos() / (double) alone.p99Nanos(),
                        beside.untrusted(),
                        daemon.residentKib() / 1024);
            }
        }
    }

    private static void attack(Attacker attacker, DaemonProcess daemon, Path directory, AtomicLong bouts) {
        Random random = new Random(1);
        while (!Thread.currentThread().isInterrupted()) {
            try {
                attacker.bout(daemon, directory, random);
            } catch (IOException e) {
                // refused, or thrown out: it comes again
            }
            bouts.incrementAndGet();
        }
    }

    /** How long readings took, and how many were not trusted. */
    private record Waited(long p99Nanos, int untrusted) {}

    private static Waited measure(BoundedClock client) {
        long[] nanos = new long[READINGS];
        int untrusted = 0;
        for (int i = 0; i < READINGS; i++) {
            long askedNanos = CLOCK.monotonicNanos();
            boolean isTrusted = client.read().status().isTrusted();
            nanos[i] = CLOCK.monotonicNanos() - askedNanos;
            untrusted += isTrusted ? 0 : 1;
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        Arrays.sort(nanos);
        return new Waited(nanos[READINGS * 99 / 100], untrusted);
    }
}
