/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import io.clockbound.PollOutcome.Result;
import io.clockbound.testing.SimulatedClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentContinuationTest {

    @TempDir
    private Path temporary;

    private SegmentStage stage;

    @BeforeEach
    void prepare() {
        stage = new SegmentStage(temporary.resolve("missing/clockbound"));
    }

    @Test
    void aRestartIsInvisibleToReaders() throws IOException {
        stage.serveOnce(ClockStatus.SYNCHRONIZED);
        Object before = SegmentStage.inode(stage.shm0());
        try (SegmentClock reader = stage.open(stage.shm0())) {
            for (int i = 0; i < 10; i++) {
                stage.local().advance(Duration.ofSeconds(2));
                BoundedInstant alone = reader.read();
                try (TransportServer server = stage.serve()) {
                    assertThat(reader.read()).isEqualTo(alone);
                    server.publish(stage.poll(Result.NO_ANSWER, ClockStatus.UNKNOWN));
                    assertThat(reader.read()).as("silence is no news").isEqualTo(alone);
                    server.publish(stage.poll(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED));
                    assertThat(reader.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
                }
            }
            assertThat(SegmentStage.inode(stage.shm0())).isEqualTo(before);
            assertThat(SegmentStage.bytes(stage.shm0()).getShort(14)).isEqualTo((short) (4 + 10 * 2));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"UNSYNCHRONIZED", "FAILED", "STEPPED", "DISRUPTED", "DISRUPTION_FORCED", "FREE_RUNNING"})
    void aRestartedDaemonWritesTheOutcomesThatSayMoreThanSilence(Result result) throws IOException {
        stage.serveOnce(ClockStatus.SYNCHRONIZED);
        try (TransportServer server = stage.serve();
                SegmentClock reader = stage.open(stage.shm0())) {
            server.publish(stage.poll(result, ClockStatus.UNKNOWN));
            assertThat(reader.read().status()).isEqualTo(ClockStatus.UNKNOWN);
        }
    }

    @Test
    void anInheritedRecordIsTrustedForFiveSecondsWithoutAReply() throws IOException {
        stage.serveOnce(ClockStatus.SYNCHRONIZED);
        try (TransportServer server = stage.serve();
                SegmentClock reader = stage.open(stage.shm0())) {
            stage.local().advance(Duration.ofMillis(4_900)); // the as-of is written 100 ms early
            server.publish(stage.poll(Result.NO_ANSWER, ClockStatus.UNKNOWN));
            assertThat(reader.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            stage.local().advanceNanos(1);
            server.publish(stage.poll(Result.NO_ANSWER, ClockStatus.UNKNOWN));
            assertThat(reader.read().status()).isEqualTo(ClockStatus.UNKNOWN);
        }
    }

    @Test
    void aRestartIsInvisibleToClientsOfClockBound1Too() throws IOException {
        stage.serveOnce(ClockStatus.SYNCHRONIZED);
        try (SegmentClock reader = stage.open(stage.shm());
                TransportServer server = stage.serve()) {
            assertThat(reader.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            server.publish(stage.poll(Result.NO_ANSWER, ClockStatus.UNKNOWN));
            assertThat(reader.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"shm", "shm0"})
    void neverInheritsARecordThatAnotherProgramWrote(String name) throws IOException {
        stage.serveOnce(ClockStatus.SYNCHRONIZED);
        ForeignSegment other = ForeignSegment.open(stage.directory().resolve(name));
        other.bytes().putLong(48, 49_999); // one word is enough
        try (TransportServer server = stage.serve();
                SegmentClock reader = stage.open(stage.directory().resolve(name))) {
            assertThat(reader.read().status()).isEqualTo(ClockStatus.UNKNOWN);
            server.publish(stage.poll(Result.NO_ANSWER, ClockStatus.UNKNOWN));
            assertThat(reader.read().status()).as("silence").isEqualTo(ClockStatus.UNKNOWN);
        }
    }

    @Test
    void layout1IsInheritedOnlyBesideTheSameRecordOfLayout2() throws IOException {
        stage.serveOnce(ClockStatus.SYNCHRONIZED);
        Files.delete(stage.shm0());
        try (TransportServer server = stage.serve();
                SegmentClock reader = stage.open(stage.shm())) {
            assertThat(server.address()).isNotEmpty();
            assertThat(reader.read().status()).isEqualTo(ClockStatus.UNKNOWN);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 5, 0", "0, -5, 0", "2000, 0, 0", "0, 0, 1000"})
    void withdrawsAnInheritedRecordThatIsNoLongerTrusted(long laterSeconds, long stepMillis, long aheadSeconds)
            throws IOException {
        stage.local().advance(Duration.ofSeconds(aheadSeconds));
        stage.serveOnce(ClockStatus.SYNCHRONIZED);
        SimulatedClock booted = new SimulatedClock(Instant.parse("2026-11-24T00:00:00Z"));
        booted.advance(Duration.ofSeconds(laterSeconds));
        booted.stepWall(Duration.ofMillis(stepMillis));
        try (TransportServer server = stage.serve(booted)) {
            assertThat(server.address()).isNotEmpty();
            assertThat(SegmentStage.bytes(stage.shm0()).getInt(68)).isEqualTo(ClockStatus.UNKNOWN.code());
            assertThat(SegmentStage.bytes(stage.shm0()).getShort(14)).isEqualTo((short) 6);
        }
    }

    @Test
    void reusesAndExtendsTheSegmentOfAnotherDaemon() throws IOException {
        Files.createDirectories(stage.directory());
        ForeignSegment foreign = ForeignSegment.create(stage.shm0());
        foreign.write(stage.local().monotonicNanos(), 50_000, ClockStatus.SYNCHRONIZED);
        Files.setPosixFilePermissions(stage.shm0(), PosixFilePermissions.fromString("rw-------"));
        try (SegmentClock reader = stage.open(stage.shm0());
                TransportServer server = stage.serve()) {
            assertThat(reader.read().status()).as("what others left").isEqualTo(ClockStatus.UNKNOWN);
            assertThat(SegmentStage.mode(stage.shm0())).isEqualTo("rw-r--r--");
            assertThat(stage.shm0()).hasSize(136);
            assertThat(SegmentStage.bytes(stage.shm0()).getInt(8))
                    .as("the size in the header")
                    .isEqualTo(136);
            server.publish(stage.poll(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED));
            assertThat(reader.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            assertThat(foreign.bytes().getShort(14)).as("to those who map it").isEqualTo((short) 6);
        }
    }

    @Test
    void repairsASegmentWhoseWriterWasKilledInMidWrite() throws IOException {
        stage.serveOnce(ClockStatus.SYNCHRONIZED);
        Object before = SegmentStage.inode(stage.shm0());
        ForeignSegment.open(stage.shm0()).bytes().putShort(14, (short) 5);
        try (TransportServer server = stage.serve()) {
            assertThat(SegmentStage.bytes(stage.shm0()).getShort(14)).isEqualTo((short) 6);
            assertThat(SegmentStage.bytes(stage.shm0()).getInt(68)).isEqualTo(ClockStatus.UNKNOWN.code());
            assertThat(SegmentStage.inode(stage.shm0())).isEqualTo(before);
            assertThat(server.problems()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "8, 81", "8, 96", "8, 137", "8, 71", "12, 1", "12, 3"})
    void replacesAFileThatCannotBeReusedAndLeavesItToItsReaders(int offset, int value) throws IOException {
        Files.createDirectories(stage.directory());
        ForeignSegment foreign = ForeignSegment.create(stage.shm0(), 200);
        foreign.bytes().putInt(offset, value);
        Object before = SegmentStage.inode(stage.shm0());
        stage.serveOnce(ClockStatus.SYNCHRONIZED);
        assertThat(SegmentStage.inode(stage.shm0())).isNotEqualTo(before);
        assertThat(stage.shm0()).hasSize(136);
        assertThat(foreign.bytes().getInt(offset)).isEqualTo(value);
        assertThat(stage.names()).containsExactlyInAnyOrder("shm", "shm0");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 16, 71})
    void replacesAFileThatIsTooShort(int size) throws IOException {
        Files.createDirectories(stage.directory());
        Files.write(stage.shm0(), new byte[size]);
        stage.serveOnce(ClockStatus.SYNCHRONIZED);
        try (SegmentClock reader = stage.open(stage.shm0())) {
            assertThat(reader.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        }
    }
}
