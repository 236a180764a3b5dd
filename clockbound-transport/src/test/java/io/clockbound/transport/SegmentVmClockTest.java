/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockbound.BoundedInstant;
import io.clockbound.ClockErrorBound;
import io.clockbound.ClockNotTrustedException;
import io.clockbound.ClockStatus;
import io.clockbound.PollOutcome;
import io.clockbound.PollOutcome.Result;
import io.clockbound.VmClockCounters;
import io.clockbound.testing.FakeVmClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A daemon that watches the VMClock, and the readers of what it writes. */
class SegmentVmClockTest {

    private static final VmClockCounters FIRST = new VmClockCounters(7, 1);

    @TempDir
    private Path temporary;

    private SegmentStage stage;
    private Path device;
    private FakeVmClock page;

    @BeforeEach
    void prepare() throws IOException {
        stage = new SegmentStage(temporary.resolve("clockbound"));
        device = temporary.resolve("vmclock0");
        page = FakeVmClock.create(device, 7, 1);
    }

    @ParameterizedTest
    @CsvSource({"8, 1", "7, 2", "8, 2"})
    void eitherCounterThatChangesIsADisruptionUntilTheDaemonHasPolledAgain(long marker, long generation)
            throws IOException {
        try (TransportServer server = serve();
                SegmentClock reader = open()) {
            server.publish(poll(FIRST));
            assertThat(reader.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            assertThat(reader.earliestNanos()).isLessThan(reader.latestNanos());
            page.set(marker, generation);
            assertUntrusted(reader, ClockStatus.DISRUPTED, "migrated or restored from a snapshot");
            server.publish(poll(new VmClockCounters(marker, generation)));
            assertThat(reader.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        }
    }

    @Test
    void aPageOfTheFirstEditionHasOnlyTheMarkerToCompare() throws IOException {
        Files.delete(device);
        page = FakeVmClock.createWithoutGeneration(device, 7);
        try (TransportServer server = serve();
                SegmentClock reader = open()) {
            server.publish(poll(new VmClockCounters(7, 0)));
            assertThat(reader.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            page.set(8, 0);
            assertUntrusted(reader, ClockStatus.DISRUPTED, "migrated");
        }
    }

    @Test
    void onlyTheMarkerIsComparedForRecordsOfOtherPrograms() throws IOException {
        Files.createDirectories(stage.directory());
        ForeignSegment foreign = ForeignSegment.create(stage.shm0());
        foreign.write(stage.local().monotonicNanos(), 50_000, ClockStatus.SYNCHRONIZED, 7);
        try (SegmentClock reader = open()) {
            assertThat(reader.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            page.set(7, 2);
            assertThat(reader.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            page.set(8, 2);
            assertUntrusted(reader, ClockStatus.DISRUPTED, "migrated");
        }
    }

    @Test
    void anUpdateThatDoesNotEndWithdrawsTheTrust() throws IOException {
        try (TransportServer server = serve();
                SegmentClock reader = open()) {
            server.publish(poll(FIRST));
            page.beginUpdate();
            assertUntrusted(reader, ClockStatus.UNKNOWN, "does not finish an update");
            page.set(FIRST);
            assertThat(reader.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        }
    }

    @Test
    void aVanishedPageWithdrawsTheTrustOfReadersThatStartLater() throws IOException {
        try (TransportServer server = serve()) {
            server.publish(poll(FIRST));
            Files.delete(device);
            try (SegmentClock reader = open()) {
                assertUntrusted(reader, ClockStatus.UNKNOWN, device + " does not exist");
                FakeVmClock.create(device, 7, 1);
                assertThat(reader.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            }
        }
    }

    @Test
    void readersDoNotLookForAVmClockThatTheDaemonDoesNotWatch() throws IOException {
        Files.delete(device);
        try (TransportServer server = serve();
                SegmentClock reader = open()) {
            server.publish(stage.poll(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED));
            assertThat(reader.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            assertThat(SegmentStage.bytes(stage.shm0()).get(72)).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"rw-r--r--, 1", "rw-------, 0", "rw-r-----, 0"})
    void clientsOfClockBound2AreToldOfTheVmClockOnlyWhenEveryUserMayReadIt(String mode, byte flag) throws IOException {
        Files.setPosixFilePermissions(device, PosixFilePermissions.fromString(mode));
        try (TransportServer server = serve();
                SegmentClock reader = open()) {
            server.publish(poll(FIRST));
            assertThat(SegmentStage.bytes(stage.shm0()).get(72)).isEqualTo(flag);
            assertThat(SegmentStage.bytes(stage.shm0()).getLong(56)).isEqualTo(7);
            page.set(7, 2);
            assertUntrusted(reader, ClockStatus.DISRUPTED, "snapshot"); // ours are told in any case
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"shm", "shm0"})
    void aRecordFromBeforeADisruptionIsNotInherited(String name) throws IOException {
        try (TransportServer server = serve()) {
            server.publish(poll(FIRST));
        }
        try (TransportServer next = serve()) {
            assertThat(next.address()).isNotEmpty();
            assertThat(SegmentStage.status(stage.directory().resolve(name))).isEqualTo(ClockStatus.SYNCHRONIZED.code());
        }
        page.set(7, 2);
        try (TransportServer next = serve()) {
            assertThat(next.address()).isNotEmpty();
            assertThat(SegmentStage.status(stage.directory().resolve(name))).isEqualTo(ClockStatus.UNKNOWN.code());
        }
    }

    @Test
    void aRecordWithoutAVmClockIsNotDisruptedByOne() {
        PollOutcome poll = stage.poll(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED);
        assertThat(new SegmentRecord(poll.bound(), true).isDisrupted(FIRST)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"shm", "shm0"})
    void aRecordIsNotInheritedWhileTheVmClockCannotBeRead(String name) throws IOException {
        try (TransportServer server = serve()) {
            server.publish(poll(FIRST));
        }
        Files.delete(device);
        try (TransportServer next = serve()) {
            assertThat(next.address()).isNotEmpty();
            assertThat(SegmentStage.status(stage.directory().resolve(name))).isEqualTo(ClockStatus.UNKNOWN.code());
        }
    }

    private TransportServer serve() throws IOException {
        return new ShmTransport(stage.directory(), device)
                .serve(new SettableClock(), () -> "{}", stage.local(), stage.failures()::add);
    }

    private SegmentClock open() throws IOException {
        return SegmentClock.open(stage.shm0(), "", stage.local(), device);
    }

    private PollOutcome poll(VmClockCounters counters) {
        PollOutcome poll = stage.poll(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED);
        ClockErrorBound plain = poll.bound();
        ClockErrorBound bound = new ClockErrorBound(
                plain.asOfNanos(),
                plain.voidAfterNanos(),
                plain.correctionNanos(),
                plain.boundNanos(),
                plain.maxDriftPpb(),
                plain.status(),
                plain.witnessNanos(),
                counters);
        return new PollOutcome(
                poll.result(),
                poll.detail(),
                poll.peer(),
                poll.snapshot(),
                poll.terms(),
                bound,
                bound.voidAfterNanos(),
                0);
    }

    private static void assertUntrusted(SegmentClock reader, ClockStatus status, String reason) {
        assertThat(reader.read()).isEqualTo(BoundedInstant.unbounded(status));
        assertThatThrownBy(reader::now)
                .isInstanceOf(ClockNotTrustedException.class)
                .hasMessageContaining(reason);
        assertThatThrownBy(reader::latestNanos).isInstanceOf(ClockNotTrustedException.class);
    }
}
