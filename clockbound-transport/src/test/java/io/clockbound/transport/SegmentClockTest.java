/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockbound.BoundedInstant;
import io.clockbound.ClockNotTrustedException;
import io.clockbound.ClockStatus;
import io.clockbound.testing.FakeVmClock;
import io.clockbound.testing.SimulatedClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentClockTest {

    private final SimulatedClock local = new SimulatedClock(Instant.parse("2026-11-24T00:00:00Z"));

    @TempDir
    private Path directory;

    private Path path;
    private Path device;
    private ForeignSegment segment;
    private SegmentClock clock;

    @BeforeEach
    void openASynchronizedSegment() throws IOException {
        path = directory.resolve("shm0");
        device = directory.resolve("vmclock0");
        segment = ForeignSegment.create(path);
        segment.write(local.monotonicNanos(), 50_000, ClockStatus.SYNCHRONIZED);
        clock = open();
    }

    @AfterEach
    void closeClock() {
        clock.close();
    }

    /** By its generation alone: the record, which is still there, must not be trusted any more. */
    @Test
    void aSegmentThatWasWipedIsNotReadAsWhatItWas() {
        assertThat(clock.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        segment.bytes().putShort(14, (short) 0);
        assertThat(clock.read().status()).isEqualTo(ClockStatus.UNKNOWN);
    }

    @Test
    void aClosedClockFailsAtOnce() {
        clock.close();
        assertThatThrownBy(clock::read)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is closed");
    }

    @Test
    void readsTheIntervalAroundTheWallClock() {
        local.advance(Duration.ofSeconds(1));
        BoundedInstant now = clock.now();
        // a µs of drift in the second, and the uncertainty of comparing the clocks
        assertThat(now).isEqualTo(around(51_000 + 1, ClockStatus.SYNCHRONIZED));
        assertThat(clock.description()).isEqualTo("shared memory " + path);
        assertThat(clock).hasToString("a clock by shared memory " + path);
    }

    @Test
    void followsTheSegment() {
        segment.write(local.monotonicNanos(), 70_000, ClockStatus.FREE_RUNNING);
        assertThat(clock.read()).isEqualTo(around(70_001, ClockStatus.FREE_RUNNING));
        segment.write(local.monotonicNanos(), 60_000, ClockStatus.SYNCHRONIZED);
        assertThat(clock.read()).isEqualTo(around(60_001, ClockStatus.SYNCHRONIZED));
    }

    @ParameterizedTest
    @EnumSource(names = {"SYNCHRONIZED", "FREE_RUNNING"})
    void aSingleEndFollowsTheSegmentLikeTheInterval(ClockStatus status) {
        segment.write(local.monotonicNanos(), 70_000, status);
        assertEnds(70_001);
        segment.write(local.monotonicNanos(), 90_000, status);
        assertEnds(90_001);
        segment.write(local.monotonicNanos(), 90_000, ClockStatus.DISRUPTED);
        assertNoEnds();
    }

    @Test
    void noticesAnUpdateAfterWhichTheGenerationIsTheSameAgain() {
        segment.setNext(2); // the number that the first update had
        local.advance(Duration.ofHours(9));
        segment.write(local.monotonicNanos(), 60_000, ClockStatus.SYNCHRONIZED);
        assertThat(clock.read()).isEqualTo(around(60_001, ClockStatus.SYNCHRONIZED));
    }

    @ParameterizedTest
    @EnumSource(names = {"UNKNOWN", "DISRUPTED"})
    void hasTheStatusOfADaemonThatDoesNotTrustItsClock(ClockStatus status) {
        segment.write(local.monotonicNanos(), 50_000, status);
        assertUntrusted(status, "the log of the daemon");
    }

    @Test
    void aRecordAgesWithoutTheDaemon() {
        local.advance(Duration.ofSeconds(6));
        assertThat(clock.read()).isEqualTo(around(56_001, ClockStatus.FREE_RUNNING));
        local.advance(Duration.ofSeconds(995));
        assertUntrusted(ClockStatus.UNKNOWN, "last written 1001 s ago");
    }

    @Test
    void aRecordOfAnotherBootIsNotTrusted() {
        segment.write(local.monotonicNanos() + 11_000_000, 50_000, ClockStatus.SYNCHRONIZED);
        assertUntrusted(ClockStatus.UNKNOWN, "in the future");
        segment.write(local.monotonicNanos() + 9_000_000, 50_000, ClockStatus.SYNCHRONIZED);
        assertThat(clock.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
    }

    @Test
    void aStepOfTheWallClockIsSeenUntilTheDaemonHasPolledAgain() {
        local.stepWall(Duration.ofMillis(-5));
        assertUntrusted(ClockStatus.DISRUPTED, "stepped");
        local.advance(Duration.ofSeconds(1));
        segment.write(local.monotonicNanos(), 50_000, ClockStatus.SYNCHRONIZED);
        assertThat(clock.read()).isEqualTo(around(50_001, ClockStatus.SYNCHRONIZED));
    }

    @Test
    void aRepeatedRecordFromBeforeAStepDoesNotHideIt() {
        long asOf = local.monotonicNanos();
        local.stepWall(Duration.ofMillis(5));
        local.advance(Duration.ofSeconds(1));
        segment.write(asOf, 50_000, ClockStatus.FREE_RUNNING);
        assertThat(clock.read().status()).isEqualTo(ClockStatus.DISRUPTED);
        segment.write(local.monotonicNanos(), 50_000, ClockStatus.SYNCHRONIZED);
        assertThat(clock.read()).isEqualTo(around(50_001, ClockStatus.SYNCHRONIZED));
    }

    @Test
    void thePreviousRecordStaysValidWhileTheNextIsBeingWritten() {
        segment.bytes().putShort(14, (short) 3);
        segment.bytes().putLong(48, 1);
        assertThat(clock.read()).isEqualTo(around(50_001, ClockStatus.SYNCHRONIZED));
        local.advance(Duration.ofSeconds(1001));
        assertThat(clock.read().status()).isEqualTo(ClockStatus.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(shorts = {0, 3})
    void anUnfinishedRecordReadsAsUnknown(short generation) throws IOException {
        segment.bytes().putShort(14, generation);
        clock.close();
        clock = open();
        assertUntrusted(ClockStatus.UNKNOWN, "not written yet");
        segment.write(local.monotonicNanos(), 50_000, ClockStatus.SYNCHRONIZED);
        assertThat(clock.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
    }

    @ParameterizedTest
    @CsvSource({"24, 1000000000", "48, -1", "64, 999999999999", "68, 4", "32, 9223372036854775807"})
    void aRecordWithAFieldOutOfRangeIsNotTrustedUntilTheNextUpdate(int offset, long value) {
        segment.write(local.monotonicNanos() + 1, 50_000, ClockStatus.SYNCHRONIZED);
        segment.bytes().putLong(offset == 68 ? 64 : offset, offset == 68 ? value << 32 : value);
        segment.bytes().putShort(14, (short) 6);
        assertUntrusted(ClockStatus.UNKNOWN, "its ");
        segment.setNext(8);
        segment.bytes().putInt(64, 0).putInt(68, 0);
        segment.write(local.monotonicNanos(), 50_000, ClockStatus.SYNCHRONIZED);
        assertThat(clock.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
    }

    @Test
    void aBoundOfZeroIsNotAnEmptyInterval() {
        segment.write(local.monotonicNanos(), 0, ClockStatus.SYNCHRONIZED);
        assertThat(clock.read()).isEqualTo(around(2, ClockStatus.SYNCHRONIZED));
    }

    @Test
    void anInfiniteBoundIsTheWholeTimeLine() {
        segment.write(local.monotonicNanos(), Long.MAX_VALUE, ClockStatus.SYNCHRONIZED);
        assertThat(clock.read())
                .isEqualTo(new BoundedInstant(
                        local.trueNanos() - Long.MAX_VALUE, Long.MAX_VALUE, ClockStatus.SYNCHRONIZED));
    }

    @Test
    void readsALongerSegmentOfANewerWriter() throws IOException {
        Path longer = directory.resolve("longer");
        ForeignSegment.create(longer, 4_242).write(local.monotonicNanos(), 50_000, ClockStatus.SYNCHRONIZED);
        try (SegmentClock other = SegmentClock.open(longer, "", local)) {
            assertThat(other.read()).isEqualTo(around(50_001, ClockStatus.SYNCHRONIZED));
        }
    }

    @Test
    void aRecordThatIsTrustedAgainByNowWasSteppedOrStaleAtTheReading() {
        assertThat(clock.whyNotTrusted(ClockStatus.DISRUPTED)).isEqualTo(SegmentDistrust.OTHER_CLOCKS);
        assertThat(clock.whyNotTrusted(ClockStatus.UNKNOWN)).isEqualTo(SegmentDistrust.STALE);
    }

    @Test
    void comparesTheMarkerWithTheVmClockWhenTheRecordRequiresIt() throws IOException {
        FakeVmClock page = FakeVmClock.create(device, 7, 1);
        segment.write(local.monotonicNanos(), 50_000, ClockStatus.SYNCHRONIZED, 7);
        assertThat(clock.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        page.set(8, 1);
        assertUntrusted(ClockStatus.DISRUPTED, "migrated");
        assertNoEnds();
        segment.write(local.monotonicNanos(), 50_000, ClockStatus.SYNCHRONIZED, 8);
        assertThat(clock.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        Files.delete(device);
        clock.close();
        clock = open();
        assertUntrusted(ClockStatus.UNKNOWN, "VMClock, which cannot be read");
    }

    @Test
    void aReadingByAnInterruptedThreadSucceedsAndKeepsTheInterrupt() throws IOException {
        local.advance(Duration.ofSeconds(6));
        Files.delete(path);
        ForeignSegment.create(path).write(local.monotonicNanos(), 50_000, ClockStatus.SYNCHRONIZED);
        Thread.currentThread().interrupt();
        assertThat(clock.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        assertThat(Thread.interrupted()).isTrue();
    }

    private SegmentClock open() throws IOException {
        return SegmentClock.open(path, "", local, device);
    }

    private BoundedInstant around(long halfWidthNanos, ClockStatus status) {
        long wall = local.trueNanos() + local.wallErrorNanos();
        return new BoundedInstant(wall - halfWidthNanos, wall + halfWidthNanos, status);
    }

    private void assertEnds(long halfWidthNanos) {
        BoundedInstant whole = around(halfWidthNanos, ClockStatus.SYNCHRONIZED);
        assertThat(clock.earliestNanos()).isEqualTo(whole.earliestNanos());
        assertThat(clock.latestNanos()).isEqualTo(whole.latestNanos());
    }

    private void assertNoEnds() {
        assertThatThrownBy(clock::earliestNanos).isInstanceOf(ClockNotTrustedException.class);
        assertThatThrownBy(clock::latestNanos).isInstanceOf(ClockNotTrustedException.class);
    }

    private void assertUntrusted(ClockStatus status, String reason) {
        assertThat(clock.read()).isEqualTo(BoundedInstant.unbounded(status));
        assertThatThrownBy(clock::now)
                .isInstanceOf(ClockNotTrustedException.class)
                .hasMessageContaining(status.toString())
                .hasMessageContaining(reason);
    }
}
