/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.truth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The guarantee on clocks that real chronyds steered; docs/TRACES.md says what each recording shows. */
class TraceReplayIT {

    private static final Duration SECOND = Duration.ofSeconds(1);

    static Stream<Arguments> traces() {
        return Stream.of(
                        "asymmetric-path",
                        "combined-sources",
                        "ignored-offset",
                        "lan-steady",
                        "lan-step10ppm",
                        "lan-step10ppm-default",
                        "lan-step50ppm",
                        "lan-temperature",
                        "refclock",
                        "refclock-noise",
                        "slew-half-second",
                        "two-servers",
                        "undisciplined",
                        "undisciplined-step",
                        "wan-heavytail")
                .flatMap(name ->
                        Stream.of(SECOND, Duration.ofMillis(100)).map(interval -> Arguments.of(name, interval)));
    }

    @ParameterizedTest(name = "{0}, polled every {1}")
    @MethodSource("traces")
    void noTrustedIntervalMissesTrueTime(String name, Duration pollInterval) throws IOException {
        Replay replay = replay(name, pollInterval);
        assertThat(replay.ours().missed()).isZero();
        assertThat(replay.ours().minimumMarginNanos()).isPositive();
        assertThat(replay.ours().trusted()).as("trusted").isGreaterThan(replay.readings() * 98 / 100);
    }

    /** The control: each of these has an instant that a bound of the estimate alone does not hold. */
    @ParameterizedTest
    @ValueSource(
            strings = {"lan-step10ppm", "lan-step10ppm-default", "lan-step50ppm", "refclock-noise", "undisciplined-step"
            })
    void theEstimateAloneMissesTrueTime(String name) throws IOException {
        assertThat(replay(name, SECOND).byTrackingAlone().missed()).isPositive();
    }

    @Test
    void anUndisciplinedClockIsBoundedAsNarrowlyAsItIsMeasured() throws IOException {
        Replay replay = replay("undisciplined", SECOND);
        assertThat(replay.ours().halfWidth().medianNanos()).isLessThan(300_000);
        assertThat(replay.symmetricHalfWidth().medianNanos()).isGreaterThan(20_000_000); // so wrong is the clock
    }

    @Test
    void whatChronydMeasuresAndIgnoresCounts() throws IOException {
        assertThat(replay("ignored-offset", SECOND).ours().halfWidth().medianNanos())
                .isLessThan(2_000_000);
    }

    /** 147 µs and 12.4 µs are what chronyd's own estimate came to, which misses true time elsewhere. */
    @Test
    void aSteadyClockIsBoundedHardlyMoreWidelyThanByTheEstimate() throws IOException {
        assertThat(replay("lan-steady", SECOND).ours().halfWidth().medianNanos())
                .isLessThan(147_000 * 108 / 100);
        assertThat(replay("refclock", SECOND).ours().halfWidth().medianNanos()).isLessThan(12_400 * 108 / 100);
    }

    @Test
    void aMeasurementWithALongDelayDoesNotWidenTheIntervalThatAShorterOneGave() throws IOException {
        Replay replay = replay("wan-heavytail", SECOND);
        assertThat(replay.ours().halfWidth().medianNanos()).isLessThan(21_700_000L * 98 / 100);
        assertThat(replay.ours().halfWidth().p95Nanos()).isLessThan(24_200_000L * 95 / 100);
    }

    /** The control: an operator who vouches for less than what the oscillator does is not protected. */
    @Test
    void aDishonestLimitOfTheOscillatorIsSeenToMiss() throws IOException {
        Trace honest = trace("lan-step50ppm");
        Trace dishonest = new Trace("1", honest.referenceError(), honest.events());
        assertThat(Replay.of(dishonest, SECOND).ours().missed()).isGreaterThan(100);
    }

    private static Replay replay(String name, Duration pollInterval) throws IOException {
        return Replay.of(trace(name), pollInterval);
    }

    private static Trace trace(String name) throws IOException {
        try (InputStream gzip = TraceReplayIT.class.getResourceAsStream("/traces/" + name + ".trace.gz")) {
            return Trace.read(Objects.requireNonNull(gzip, name));
        }
    }
}
