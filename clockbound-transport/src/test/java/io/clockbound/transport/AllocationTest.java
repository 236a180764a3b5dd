/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.BoundedReading;
import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.PollOutcome.Result;
import io.clockbound.socket.NativeChoice;
import io.clockbound.socket.NativeSockets;
import io.clockbound.spi.Services;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What readings and answers leave to the garbage collector. */
@Timeout(120)
class AllocationTest {

    private static final int CALLS = 20_000;

    /** Of a thread's own account, which is kept in whole chunks, over so many calls. */
    private static final double ROUNDING = 0.5;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    private Path directory;

    @Test
    void aReadingOfSharedMemoryAllocatesOneSmallObjectAndAnEndAloneNone() throws IOException {
        LocalClock local = LocalClock.system();
        Transport transport = new ShmTransport().with(Map.of("shm-dir", directory.toString()));
        try (TransportServer server = transport.serve(new SettableClock(), () -> "{}", local, failure -> {});
                SegmentClock clock = SegmentClock.open(directory.resolve("shm0"), "", local)) {
            server.publish(SegmentStage.poll(local, Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED));
            LongSupplier now = () -> clock.now().latestNanos();
            awaitBytesPerCall(40, now);
            awaitBytesPerCall(0, clock::latestNanos);
            awaitBytesPerCall(0, clock::earliestNanos);
        }
    }

    /** In a process of its own, which compiles as the launcher lets the daemon compile: without looking for what escapes. */
    @ParameterizedTest
    @EnumSource(
            value = NativeChoice.class,
            names = {"ffm", "junixsocket"})
    void aResponseAllocatesNothingWhateverTheCompiler(NativeChoice choice) throws IOException, InterruptedException {
        assumeTrue(choice.obstacle().isEmpty(), "this runtime is older than Java 22");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-D" + NativeChoice.PROPERTY + "=" + choice,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Responses.class.getName(),
                        directory.resolve("run").toString())
                .redirectErrorStream(true)
                .start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** Asks on the connection that has a thread of its own, on one that shares the other, and by datagram, until none allocates. */
    static final class Responses {

        private Responses() {}

        public static void main(String[] arguments) throws IOException {
            LocalClock local = LocalClock.system();
            ClockErrorBound bound = SegmentStage.poll(local, Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED)
                    .bound();
            BoundedInstant reading = bound.read(local);
            BoundedClock served = new SettableClock() {
                @Override
                public void read(BoundedReading room) {
                    room.set(reading);
                }
            };
            askOnStreams(served, local, Map.of("run-dir", arguments[0]));
            if (NativeSockets.chosen().name().equals("ffm")) { // junixsocket allocates when it waits
                askByDatagram(served, local, Map.of("run-dir", arguments[0]));
            }
        }

        private static void askByDatagram(BoundedClock served, LocalClock local, Map<String, String> settings)
                throws IOException {
            Transport transport = new DatagramTransport().with(settings);
            try (TransportServer server = transport.serve(served, () -> "{}", local, failure -> {});
                    BoundedClock client = ClockBoundClients.datagram(Path.of(server.address()))) {
                awaitBytesPerCall(0, idOf("clockbound-datagram"), client);
            }
        }

        private static void askOnStreams(BoundedClock served, LocalClock local, Map<String, String> settings)
                throws IOException {
            Transport transport = Services.named(Transport.class, "stream").with(settings);
            try (TransportServer server = transport.serve(served, () -> "{}", local, failure -> {});
                    BoundedClock first = ClockBoundClients.stream(Path.of(server.address()));
                    BoundedClock second = ClockBoundClients.stream(Path.of(server.address()))) {
                awaitBytesPerCall(0, idOf("clockbound-stream-single"), first);
                awaitBytesPerCall(0, idOf("clockbound-stream"), second);
            }
        }
    }

    private static void awaitBytesPerCall(double limit, long thread, BoundedClock client) {
        awaitBytesPerCall(limit, thread, () -> client.read().latestNanos());
    }

    /** Calls until a call allocates no more than it may; what is interpreted, or seen for the first time, may take more. */
    private static void awaitBytesPerCall(double limit, LongSupplier call) {
        awaitBytesPerCall(limit, Thread.currentThread().getId(), call);
    }

    private static void awaitBytesPerCall(double limit, long thread, LongSupplier call) {
        double bytes;
        do {
            bytes = bytesPerCall(thread, call);
        } while (bytes > limit + ROUNDING && !Thread.interrupted());
        assertThat(bytes).isLessThanOrEqualTo(limit + ROUNDING);
    }

    private static double bytesPerCall(long thread, LongSupplier call) {
        long sum = 0;
        long before = THREADS.getThreadAllocatedBytes(thread);
        for (int i = 0; i < CALLS; i++) {
            sum += call.getAsLong();
        }
        long after = THREADS.getThreadAllocatedBytes(thread);
        assertThat(sum).isNotZero();
        return (double) (after - before) / CALLS;
    }

    private static long idOf(String thread) {
        return Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
                .filter(info -> info != null && info.getThreadName().equals(thread))
                .mapToLong(ThreadInfo::getThreadId)
                .findFirst()
                .orElseThrow();
    }
}
