/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clockbound.chrony.testing.TestChronyd;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.EstimateOnly;
import io.clockbound.spi.LeapStatus;
import io.clockbound.spi.Measurement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A chronyd that follows another one, both on the loopback interface and without influence on the clock. */
@Timeout(60)
class RealChronydTest {

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final List<TestChronyd> RUNNING = new ArrayList<>();
    private static TestChronyd chronyd;

    @BeforeAll
    @Timeout(60)
    static void start() throws IOException {
        if (!TestChronyd.isInstalled() && Boolean.getBoolean("clockbound.it.required")) {
            fail("clockbound.it.required is true, and there is no chronyd");
        }
        assumeTrue(TestChronyd.isInstalled(), "there is no chronyd");
        TestChronyd server = TestChronyd.server();
        RUNNING.add(server);
        chronyd = TestChronyd.client(server.ntpPort());
        RUNNING.add(chronyd);
        synchronizedSnapshot(chronyd.udp4());
    }

    @AfterAll
    static void end() throws IOException {
        for (TestChronyd each : RUNNING) {
            each.close();
        }
    }

    private static ChronyTimeSource asking(String addresses) {
        return new ChronyTimeSource().with(Map.of("address", addresses));
    }

    /** Polls until chronyd runs and is synchronised; the timeout of the test ends it. */
    private static ClockSnapshot synchronizedSnapshot(String address) {
        try (ChronyTimeSource source = asking(address)) {
            while (true) {
                try {
                    ClockSnapshot snapshot = source.poll();
                    if (snapshot.leap() == LeapStatus.NORMAL && snapshot.lastUpdateIntervalNanos() > 0) {
                        return snapshot;
                    }
                } catch (IOException e) {
                    // it is starting
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    @Test
    void allThreeSocketsSayTheSame() throws IOException {
        try (ChronyTimeSource unix = asking(chronyd.unix());
                ChronyTimeSource udp4 = asking(chronyd.udp4());
                ChronyTimeSource udp6 = asking(Loopback.hasIpv6() ? chronyd.udp6() : chronyd.udp4())) {
            ClockSnapshot first;
            ClockSnapshot second;
            ClockSnapshot third;
            do { // again when the clock was updated in between
                first = unix.poll();
                second = udp4.poll();
                third = udp6.poll();
            } while (!first.referenceTime().equals(third.referenceTime()));
            assertThat(List.of(second, third)).allSatisfy(isLike(first));
            assertThat(first.reference().toString()).isEqualTo("7F000001");
            assertThat(first.reference().isServer()).isTrue();
        }
    }

    private static ThrowingConsumer<ClockSnapshot> isLike(ClockSnapshot expected) {
        return actual -> assertThat(actual)
                .usingRecursiveComparison()
                // these change from one instant to the next
                .ignoringFields("correctionNanos", "correctionErrorNanos", "rootDispersionNanos", "basis")
                .isEqualTo(expected);
    }

    @Test
    void whatItMeasuredOfItsServerContainsWhatIsTrue() throws IOException {
        // both read the clock of this machine, so the server's is right, and the estimate is it plus the correction
        for (String address : List.of(chronyd.unix(), chronyd.udp4())) {
            ClockSnapshot snapshot = synchronizedSnapshot(address);
            assertThat(snapshot.basis()).isInstanceOfSatisfying(Measurement.class, measurement -> {
                assertThat(measurement.unheard()).isEmpty();
                assertThat(measurement.pollIntervalNanos()).isBetween(250_000_000L, 1_000_000_000L);
                assertThat(measurement.ageNanos()).isGreaterThanOrEqualTo(1_000_000_000L);
                long wallErrorNanos = measurement.offsetNanos() - snapshot.correctionNanos();
                long knownToNanos = measurement.errorNanos() + snapshot.correctionErrorNanos();
                // and what it may run off since: 200 ppm is more than this chronyd's frequency can be wrong by
                assertThat(Math.abs(wallErrorNanos)).isLessThan(knownToNanos + measurement.ageNanos() / 5_000);
            });
        }
    }

    @Test
    void withoutASourceThereIsNoMeasurementAndTheLocalModeIsSeen() throws IOException {
        try (TestChronyd alone = TestChronyd.start(0, "local stratum 1");
                ChronyTimeSource source = asking(alone.udp4())) {
            assertThat(source.poll().basis()).isEqualTo(new EstimateOnly("chronyd follows no source"));
        }
    }

    @Test
    void stoppedChronydIsAnErrorAndItsLateRepliesAreNotTaken() throws IOException {
        for (String address : List.of(chronyd.unix(), chronyd.udp4())) {
            try (ChronyTimeSource source = asking(address)) {
                source.poll();
                chronyd.suspend();
                try {
                    assertThatThrownBy(source::poll).hasMessageStartingWith(address + ": no reply: chronyd is stopped");
                } finally {
                    chronyd.resume();
                }
                assertThat(synchronizedSnapshot(address).reference().isServer()).isTrue();
                source.poll();
            }
        }
    }

    @Test
    void killedChronydRefusesAndARestartedOneAnswers() throws IOException {
        try (TestChronyd mortal = TestChronyd.start(0, "local stratum 1");
                ChronyTimeSource unix = asking(mortal.unix());
                ChronyTimeSource udp4 = asking(mortal.udp4())) {
            mortal.kill();
            assertThatThrownBy(unix::poll).hasMessageStartingWith(mortal.unix() + ": connection refused: ");
            assertThatThrownBy(udp4::poll).hasMessageStartingWith(mortal.udp4() + ": connection refused: ");
            mortal.restart();
            unix.poll();
            udp4.poll();
        }
    }
}
