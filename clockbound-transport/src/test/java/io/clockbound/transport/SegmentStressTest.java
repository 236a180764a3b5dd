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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SegmentStressTest {

    private static final int COPIES = 20_000;

    @TempDir
    private Path directory;

    @Test
    void noTornCopyOfWhatACProgramWritesWithoutAPauseIsAccepted() throws Exception {
        Path path = directory.resolve("shm0");
        ForeignSegment.create(path, 96).write(1, 1, ClockStatus.UNKNOWN);
        SegmentMapping segment = SegmentMapping.open(path);
        Process writer = startWriter(path);
        try (BufferedReader output = writer.inputReader(StandardCharsets.UTF_8)) {
            assertThat(output.readLine()).isEqualTo("writing");
            int accepted = 0;
            int different = 0;
            long last = 0;
            while (accepted < COPIES) {
                ByteBuffer copy = segment.copy();
                if (copy != null && copy.getLong(48) != 1) { // 1 is the bound of the first record
                    long first = copy.getLong(16);
                    assertThat(LongStream.range(2, 12).map(i -> copy.getLong((int) i * 8)))
                            .containsOnly(first);
                    different += first == last ? 0 : 1;
                    last = first;
                    accepted++;
                }
            }
            assertThat(different).as("records among the copies").isGreaterThan(1);
        } finally {
            writer.getOutputStream().close();
            assertThat(writer.waitFor()).isZero();
        }
    }

    @Test
    void readersOfWhatIsPublishedWithoutAPauseSeeOnlyWholeAndTrustedRecords() throws Exception {
        LocalClock local = LocalClock.system();
        SegmentStage stage = new SegmentStage(directory);
        AtomicBoolean isOver = new AtomicBoolean();
        try (TransportServer server = stage.serve(local)) {
            server.publish(SegmentStage.poll(local, Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED));
            Thread writer = new Thread(() -> {
                while (!isOver.get()) {
                    PollOutcome poll = SegmentStage.poll(local, Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED);
                    server.publish(poll);
                }
            });
            try (SegmentClock reader = SegmentClock.open(stage.shm0(), "", local)) {
                writer.start(); // not before: one that loses the processor while it writes leaves a new reader nothing
                for (int i = 0; i < COPIES; i++) {
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
        assertThat(stage.failures()).isEmpty();
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
