/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import io.clockbound.PollOutcome;
import io.clockbound.PollOutcome.Result;
import io.clockbound.spi.Services;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShmTransportTest {

    @TempDir
    private Path temporary;

    private SegmentStage stage;

    @BeforeEach
    void prepare() {
        stage = new SegmentStage(temporary.resolve("missing/clockbound"));
    }

    @Test
    void makesBothSegmentsAndKeepsThemWhenItEnds() throws IOException {
        try (TransportServer server = stage.serve()) {
            assertThat(stage.names()).containsExactlyInAnyOrder("shm", "shm0", "clockboundd.pid");
            assertThat(server.address()).isEqualTo(stage.shm0().toRealPath().toString());
            assertThat(SegmentStage.mode(stage.directory())).isEqualTo("rwxr-xr-x");
        }
        assertThat(stage.names()).containsExactlyInAnyOrder("shm", "shm0");
        assertThat(SegmentStage.mode(stage.shm())).isEqualTo("rw-r--r--");
        assertThat(SegmentStage.mode(stage.shm0())).isEqualTo("rw-r--r--");
        assertThat(stage.shm()).hasSize(72);
        assertThat(stage.shm0()).hasSize(136);
    }

    @Test
    void isInstalledAndKnowsItsSetting() {
        Transport transport = Services.named(Transport.class, "shm");
        assertThat(transport.settingNames()).containsExactly("shm-dir");
        assertThatThrownBy(() -> transport.with(Map.of("shm-dir", "")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/run/clockbound");
        assertThatThrownBy(() -> transport.with(Map.of("run-dir", "/")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("shm-dir");
    }

    @Test
    void aNewSegmentSaysUnknownFromTheFirstMoment() throws IOException {
        try (TransportServer server = stage.serve();
                SegmentClock reader = stage.open(stage.shm0());
                SegmentClock old = stage.open(stage.shm())) {
            assertThat(SegmentStage.bytes(stage.shm0()).getShort(14)).isEqualTo((short) 2);
            for (Path segment : List.of(stage.shm0(), stage.shm())) { // for clients that ignore the status
                assertThat(SegmentStage.bytes(segment).getLong(48)).isEqualTo(4_000_000_000_000_000_000L);
            }
            assertThat(reader.read()).isEqualTo(BoundedInstant.unbounded(ClockStatus.UNKNOWN));
            assertThat(old.read()).isEqualTo(BoundedInstant.unbounded(ClockStatus.UNKNOWN));
            server.publish(stage.poll(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED));
            assertThat(reader.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            assertThat(old.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void publishesEveryStatusAtOnce(ClockStatus status) throws IOException {
        try (TransportServer server = stage.serve();
                SegmentClock reader = stage.open(stage.shm0());
                SegmentClock old = stage.open(stage.shm())) {
            server.publish(stage.poll(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED));
            server.publish(stage.poll(Result.NO_ANSWER, status));
            assertThat(reader.read().status()).isEqualTo(status);
            assertThat(old.read().status()).isEqualTo(status == ClockStatus.DISRUPTED ? ClockStatus.UNKNOWN : status);
            assertThat(SegmentStage.bytes(stage.shm0()).getShort(14)).isEqualTo((short) 6);
        }
    }

    @Test
    void readersSeeTheDaemonsIntervalOrASlightlyWiderOne() throws IOException {
        try (TransportServer server = stage.serve();
                SegmentClock reader = stage.open(stage.shm0())) {
            PollOutcome poll = stage.poll(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED);
            server.publish(poll);
            stage.local().advance(Duration.ofSeconds(1));
            BoundedInstant daemons = poll.bound().read(stage.local());
            BoundedInstant readers = reader.read();
            assertThat(readers.earliestNanos()).isBetween(daemons.earliestNanos() - 5_001, daemons.earliestNanos());
            assertThat(readers.latestNanos()).isBetween(daemons.latestNanos(), daemons.latestNanos() + 5_001);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {40_000_000, -40_000_000})
    void ourReadersHaveTheExactIntervalAndOthersTheLargerSideOfItOnBoth(long correctionNanos) throws IOException {
        stage.local().oscillateAt(-50_000); // the worst that the bound allows for
        try (TransportServer server = stage.serve();
                SegmentClock reader = stage.open(stage.shm0());
                SegmentClock old = stage.open(stage.shm())) {
            stage.local().stepWallNanos(-correctionNanos);
            server.publish(
                    SegmentStage.poll(stage.local(), Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED, correctionNanos));
            for (int i = 0; i < 40; i++) {
                assertContainsTrueTime(reader.now(), 50_000 + 50 * i * 100 + 5_100);
                assertContainsTrueTime(old.now(), 40_050_000 + 50 * i * 100 + 5_100);
                assertThat(reader.now().earliestNanos())
                        .isGreaterThanOrEqualTo(old.now().earliestNanos());
                assertThat(reader.now().latestNanos())
                        .isLessThanOrEqualTo(old.now().latestNanos());
                stage.local().advance(Duration.ofMillis(100));
            }
        }
    }

    private void assertContainsTrueTime(BoundedInstant now, long atMostNanos) {
        assertThat(now.earliestNanos()).isLessThanOrEqualTo(stage.local().trueNanos());
        assertThat(now.latestNanos()).isGreaterThanOrEqualTo(stage.local().trueNanos());
        assertThat(now.halfWidthNanos()).isLessThanOrEqualTo(atMostNanos);
    }

    @Test
    void theAsOfIsWrittenATenthOfASecondEarlySoTheIntervalIsSlightlyWider() throws IOException {
        try (TransportServer server = stage.serve();
                SegmentClock reader = stage.open(stage.shm0())) {
            PollOutcome poll = SegmentStage.poll(stage.local(), Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED, -7_000);
            server.publish(poll);
            BoundedInstant daemons = poll.bound().read(stage.local());
            BoundedInstant readers = reader.now();
            // 100 ms of 50 ppm, and the ns that it takes to compare the clocks
            assertThat(readers.earliestNanos()).isEqualTo(daemons.earliestNanos() - 5_001);
            assertThat(readers.latestNanos()).isEqualTo(daemons.latestNanos() + 5_001);
        }
    }

    @Test
    void anExpiredBoundIsPublishedAsUnknown() throws IOException {
        try (TransportServer server = stage.serve()) {
            PollOutcome poll = stage.poll(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED);
            server.publish(poll);
            assertThat(SegmentStage.bytes(stage.shm0()).getLong(48))
                    .isEqualTo(poll.bound().boundNanos());
            stage.local().advance(Duration.ofSeconds(1_001));
            server.publish(poll);
            assertThat(SegmentStage.bytes(stage.shm0()).getLong(48)).isEqualTo(4_000_000_000_000_000_000L);
            assertThat(SegmentStage.bytes(stage.shm0()).getInt(68)).isEqualTo(ClockStatus.UNKNOWN.code());
            assertThat(SegmentStage.bytes(stage.shm()).getLong(48)).isEqualTo(4_000_000_000_000_000_000L);
        }
    }

    @Test
    void recreatesAFileThatIsRemovedTruncatedOrReplacedAndReportsItOnce() throws IOException {
        try (TransportServer server = stage.serve()) {
            assertThat(server.problems()).isEmpty();
            for (int i = 0; i < 3; i++) {
                Files.delete(stage.shm0());
                assertPublished(server);
            }
            assertThat(last()).contains(stage.shm0().toRealPath() + " was removed");
            for (int i = 0; i < 3; i++) {
                Files.write(stage.shm0(), new byte[0]);
                assertPublished(server);
            }
            assertThat(last()).contains(stage.shm0().toRealPath() + " was wiped or truncated");
            for (int i = 0; i < 3; i++) {
                Path other = temporary.resolve("other");
                Files.copy(stage.shm0(), other);
                Files.move(other, stage.shm0(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                assertPublished(server);
            }
            assertThat(last()).contains(stage.shm0().toRealPath() + " was replaced by another program's file");
            assertThat(stage.failures()).hasSize(3);
            assertThat(String.join("\n", server.problems())).contains("was removed", "was wiped", "was replaced");
            stage.local().advance(Duration.ofMinutes(1));
            assertThat(server.problems()).isEmpty();
        }
    }

    private void assertPublished(TransportServer server) throws IOException {
        server.publish(stage.poll(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED));
        try (SegmentClock reader = stage.open(stage.shm0())) {
            assertThat(reader.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        }
    }

    private String last() {
        return stage.failures().get(stage.failures().size() - 1).toString();
    }

    @ParameterizedTest
    @CsvSource({"14, 100", "40, -1"}) // the generation, the bound
    void anotherProgramIsNoticedThatWroteNothingBut(int offset, short value) throws IOException {
        try (TransportServer server = stage.serve()) {
            server.publish(stage.poll(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED));
            ForeignSegment.open(stage.shm0()).bytes().putShort(offset, value);
            server.publish(stage.poll(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED));
            assertThat(server.problems()).singleElement().asString().contains("another program writes into");
        }
    }

    @Test
    void aDirectoryInThePlaceOfASegmentIsNamedByACheckAndByAStart() throws IOException {
        Files.createDirectories(stage.shm0().resolve("full"));
        String problem = stage.shm0() + " is a directory: remove it, or choose another directory with --shm-dir";
        assertThat(new ShmTransport(stage.directory(), temporary.resolve("none")).problems())
                .containsExactly(problem);
        assertThatThrownBy(() -> stage.serve()).hasMessage(problem);
    }

    @Test
    void reportsAFileThatItCannotRecreateAndKeepsTrying() throws IOException {
        try (TransportServer server = stage.serve()) {
            Path elsewhere = temporary.resolve("elsewhere");
            Files.move(stage.directory(), elsewhere);
            server.publish(stage.poll(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED));
            assertThat(stage.failures())
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("cannot create " + stage.shm(), "--shm-dir");
            Files.createDirectory(stage.directory());
            server.publish(stage.poll(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED));
            try (SegmentClock reader = stage.open(stage.shm0())) {
                assertThat(reader.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            }
        }
    }

    @Test
    void namesTheRemedyWhenASegmentCannotBeCreated() throws IOException {
        Files.createDirectories(stage.shm0().resolve("in the way"));
        assertThatThrownBy(stage::serve)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(stage.shm0().getFileName().toString())
                .hasMessageContaining("--shm-dir");
        assertThat(stage.names()).as("the hold is given up").containsExactly("shm0");
    }

    @Test
    void refusesASecondServerOfTheSameDirectory() throws IOException {
        try (TransportServer first = stage.serve()) {
            assertThatThrownBy(stage::serve)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("pid " + ProcessHandle.current().pid() + ",")
                    .hasMessageContaining("--shm-dir");
            assertThat(first.address()).isNotEmpty();
        }
        stage.serve().close();
    }

    @Test
    void writesNothingOnceItIsClosed() throws IOException {
        TransportServer server = stage.serve();
        server.close();
        server.close();
        server.publish(stage.poll(Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED));
        assertThat(SegmentStage.bytes(stage.shm0()).getShort(14)).isEqualTo((short) 2);
        assertThat(stage.failures()).isEmpty();
    }
}
