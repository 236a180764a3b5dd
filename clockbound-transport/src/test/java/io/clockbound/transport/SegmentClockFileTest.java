/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockbound.BoundedInstant;
import io.clockbound.ClockNotTrustedException;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.testing.SimulatedClock;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentClockFileTest {

    private final SimulatedClock local = new SimulatedClock(Instant.parse("2026-11-24T00:00:00Z"));

    @TempDir
    private Path directory;

    private Path path;

    @BeforeEach
    void choosePlace() {
        path = directory.resolve("shm0");
    }

    @Test
    void namesAMissingSegment() {
        assertThatThrownBy(() -> SegmentClock.open(path, "", local))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(path.toString())
                .hasMessageContaining("does not exist");
    }

    @Test
    void namesADirectoryThatStandsWhereASegmentWasToBeMounted() throws IOException {
        Files.createDirectory(path);
        assertThatThrownBy(() -> SegmentClock.open(path, "", local))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("it is a directory")
                .hasMessageContaining("mount the directory of the segment");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 15, 79})
    void refusesAFileThatIsTooShort(int size) throws IOException {
        ForeignSegment.create(path).write(local.monotonicNanos(), 1, ClockStatus.SYNCHRONIZED);
        cut(size);
        assertThatThrownBy(() -> SegmentClock.open(path, "", local)).isInstanceOf(IOException.class);
    }

    @Test
    void survivesTheRemovalOfTheFileAndFindsTheNextOne() throws IOException {
        synchronizedSegment();
        try (SegmentClock clock = SegmentClock.open(path, "", local)) {
            Files.delete(path);
            assertThat(clock.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            local.advance(Duration.ofSeconds(6));
            assertThat(clock.read().status()).isEqualTo(ClockStatus.FREE_RUNNING);
            synchronizedSegment();
            assertThat(clock.read().status()).as("looked for a moment ago").isEqualTo(ClockStatus.FREE_RUNNING);
            local.advance(Duration.ofMillis(100));
            assertThat(clock.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            local.advance(Duration.ofSeconds(1001));
            Files.delete(path);
            assertThatThrownBy(clock::now)
                    .isInstanceOf(ClockNotTrustedException.class)
                    .hasMessageContaining("check that the daemon runs")
                    .hasMessageContaining("time namespace");
        }
    }

    @Test
    void findsTheFileThatReplacedAnUntrustedOne() throws IOException {
        ForeignSegment.create(path).write(local.monotonicNanos(), 1, ClockStatus.UNKNOWN);
        try (SegmentClock clock = SegmentClock.open(path, "", local)) {
            local.advance(Duration.ofMillis(100));
            Path next = directory.resolve("next");
            ForeignSegment.create(next).write(local.monotonicNanos(), 1, ClockStatus.SYNCHRONIZED);
            Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
            assertThat(clock.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        }
    }

    @Test
    void keepsItsRecordWhenGarbageReplacesTheFile() throws IOException {
        synchronizedSegment();
        try (SegmentClock clock = SegmentClock.open(path, "", local)) {
            local.advance(Duration.ofSeconds(6));
            Files.delete(path);
            Files.writeString(path, "garbage".repeat(20));
            assertThat(clock.read().status()).isEqualTo(ClockStatus.FREE_RUNNING);
        }
    }

    @Test
    void aSegmentThatGrowsInPlaceLosesNoReader() throws IOException {
        ForeignSegment foreign = synchronizedSegment();
        try (SegmentClock clock = SegmentClock.open(path, "", local)) {
            Files.write(path, new byte[16], StandardOpenOption.APPEND);
            foreign.bytes().putInt(8, 96);
            foreign.write(local.monotonicNanos(), 60_000, ClockStatus.SYNCHRONIZED);
            assertThat(clock.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        }
    }

    @Test
    void survivesTheTruncationOfAMappedFile() throws IOException {
        LocalClock system = LocalClock.system();
        ForeignSegment segment = ForeignSegment.create(path);
        segment.write(system.monotonicNanos(), 50_000, ClockStatus.SYNCHRONIZED);
        try (SegmentClock clock = SegmentClock.open(path, "", system)) {
            for (int i = 0; i < 100_000; i++) { // until the reading is compiled
                assertThat(clock.read().status().isTrusted()).isTrue();
            }
            cut(0);
            BoundedInstant last = clock.read();
            for (int i = 0; i < 100_000; i++) {
                last = clock.read();
            }
            assertThat(last).isEqualTo(BoundedInstant.unbounded(ClockStatus.UNKNOWN));
            Files.delete(path);
            ForeignSegment next = ForeignSegment.create(path);
            long deadline = system.monotonicNanos() + Duration.ofMinutes(1).toNanos();
            while (!last.status().isTrusted() && system.monotonicNanos() < deadline) {
                next.write(system.monotonicNanos(), 50_000, ClockStatus.SYNCHRONIZED);
                last = clock.read();
            }
            assertThat(last.status().isTrusted()).isTrue();
        }
    }

    @Test
    void nothingAtRandomIsTrustedOrThrown() throws IOException {
        Random random = new Random(4711);
        ForeignSegment segment = synchronizedSegment();
        try (SegmentClock clock = SegmentClock.open(path, "", local)) {
            byte[] bytes = new byte[64];
            for (int i = 0; i < 100_000; i++) {
                random.nextBytes(bytes);
                segment.bytes().put(16, bytes);
                segment.bytes().putShort(14, (short) (2 + 2 * (i % 30_000)));
                assertThat(clock.read()).isEqualTo(BoundedInstant.unbounded(ClockStatus.UNKNOWN));
            }
        }
    }

    @Test
    void randomFilesAreNeverTrustedAndThrowOnlyIOExceptions() throws IOException {
        Random random = new Random(4712);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            if (i % 2 == 0) {
                byte[] header = {0x4e, 0x5a, 0x4d, 0x41, 0, 2, 0x42, 0x43, 80, 0, 0, 0, (byte) (i / 2 % 4), 0, 2, 0};
                System.arraycopy(header, 0, bytes, 0, Math.min(bytes.length, random.nextInt(17)));
            }
            Files.write(path, bytes);
            try (SegmentClock clock = SegmentClock.open(path, "", local)) {
                assertThat(clock.read().status().isTrusted()).isFalse();
            } catch (IOException e) {
                assertThat(e).hasMessageContaining(path.toString());
            }
        }
    }

    private ForeignSegment synchronizedSegment() throws IOException {
        ForeignSegment segment = ForeignSegment.create(path);
        segment.write(local.monotonicNanos(), 50_000, ClockStatus.SYNCHRONIZED);
        return segment;
    }

    private void cut(long size) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }
}
