/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.PollOutcome;
import io.clockbound.PollOutcome.Result;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(400)
class SegmentStressTest {

    private static final int RECORDS = 20_000;
    private static final int TORN = 100;
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(5);

    @TempDir
    private Path directory;

    @Test
    void everyAcceptedCopyIsOfOneRecordWhileACProgramWritesWithoutPause() throws Exception {
        LocalClock local = LocalClock.system();
        Path path = directory.resolve("shm0");
        ForeignSegment.create(path, 96).write(1, 1, ClockStatus.UNKNOWN);
        SegmentMapping segment = SegmentMapping.open(path);
        Process writer = startWriter(path);
        try (BufferedReader output = writer.inputReader(StandardCharsets.UTF_8)) {
            assertThat(output.readLine()).isEqualTo("writing");
            long startNanos = local.monotonicNanos();
            int records = 0;
            int torn = 0;
            long last = 0;
            while ((records < RECORDS || torn < TORN) && local.monotonicNanos() - startNanos < PATIENCE_NANOS) {
                ByteBuffer copy = segment.copy();
                if (copy != null && copy.getLong(48) != 1) { // 1 is the bound of the first record
                    assertThat(isOfOneRecord(copy)).isTrue();
                    records += copy.getLong(16) == last ? 0 : 1;
                    last = copy.getLong(16);
                }
                torn += isOfOneRecord(segment.bytes()) ? 0 : 1;
            }
            assertThat(records).as("different records that were copied").isGreaterThanOrEqualTo(RECORDS);
            assertThat(torn).as("unguarded readings of two records").isGreaterThanOrEqualTo(TORN);
        } finally {
            writer.getOutputStream().close();
            assertThat(writer.waitFor()).isZero();
        }
    }

    @Test
    void aReaderBesideAServerThatPublishesWithoutPauseSeesOnlyTrustedIntervalsThatContainTrueTime() throws Exception {
        LocalClock local = LocalClock.system();
        SegmentStage stage = new SegmentStage(directory);
        AtomicBoolean isOver = new AtomicBoolean();
        AtomicInteger published = new AtomicInteger();
        try (TransportServer server = stage.serve(local)) {
            server.publish(SegmentStage.poll(local, Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED));
            Thread writer = new Thread(() -> {
                while (!isOver.get()) {
                    PollOutcome poll = SegmentStage.poll(local, Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED);
                    server.publish(poll);
                    published.incrementAndGet();
                }
            });
            try (SegmentClock reader = SegmentClock.open(stage.shm0(), "", local)) {
                writer.start(); // only now: a new reader has nothing while a writer is suspended in mid-write
                for (int i = 0; i < RECORDS || (published.get() < RECORDS && writer.isAlive()); i++) {
                    long before = local.epochNanos();
                    BoundedInstant now = reader.read();
                    long after = local.epochNanos();
                    assertThat(now.status().isTrusted()).isTrue();
                    assertThat(now.earliestNanos()).isLessThan(after);
                    assertThat(now.latestNanos()).isGreaterThan(before);
                }
            } finally {
                isOver.set(true);
                writer.join();
            }
        }
        assertThat(published).hasValueGreaterThanOrEqualTo(RECORDS);
        assertThat(stage.failures()).isEmpty();
    }

    /** Tells whether all numbers behind the header are the same, as the writer leaves them in each record. */
    private static boolean isOfOneRecord(ByteBuffer bytes) {
        long first = bytes.getLong(16);
        return IntStream.range(2, 12).allMatch(i -> bytes.getLong(i * Long.BYTES) == first);
    }

    private Process startWriter(Path segment) throws IOException, InterruptedException {
        Clients.requireTool("gcc");
        Path source = directory.resolve("writer.c");
        Path program = directory.resolve("writer");
        try (InputStream bytes = SegmentStressTest.class.getResourceAsStream("writer.c")) {
            Files.copy(bytes, source);
        }
        List<String> compile = List.of("gcc", "-O2", "-o", program.toString(), source.toString());
        assertThat(new ProcessBuilder(compile).inheritIO().start().waitFor()).isZero();
        return new ProcessBuilder(program.toString(), segment.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
