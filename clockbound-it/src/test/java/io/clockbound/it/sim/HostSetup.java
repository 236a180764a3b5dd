/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.sim;

import io.clockbound.BoundSettings;
import io.clockbound.BoundSettings.ClockDiscipline;
import io.clockbound.spi.ReferenceId;
import java.time.Duration;
import java.util.List;

/**
 * The simulated machine and how the product is configured on it; all of it honest.
 *
 * @param centrePpb the middle of the frequencies that the oscillator can have
 * @param rangePpb how far apart those can be
 * @param maxClockErrorPpb {@code max_clock_error}
 * @param pollInterval how often the product polls
 * @param isSlewRateStated whether {@code max-slew-rate} says what chrony.conf does
 * @param isDisciplineStated whether {@code clock} says whether chronyd sets the clock
 * @param knows how the error of a reference clock is known
 * @param hasVmClock whether the machine has a VMClock
 * @param hasSegments whether readings are made through shared memory, too
 * @param readingCostNanos what a reading of a clock takes
 */
record HostSetup(
        long centrePpb,
        long rangePpb,
        long maxClockErrorPpb,
        Duration pollInterval,
        boolean isSlewRateStated,
        boolean isDisciplineStated,
        Knowledge knows,
        boolean hasVmClock,
        boolean hasSegments,
        long readingCostNanos) {

    /** Who says how wrong a reference clock is. */
    enum Knowledge {
        OPERATOR,
        PROVIDER
    }

    private static final List<Duration> POLL_INTERVALS = List.of(
            Duration.ofMillis(100),
            Duration.ofMillis(100),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(16));

    static HostSetup draw(Timeline time, ChronydSetup chronyd, boolean isSlow) {
        long maxClockErrorPpb = time.isOneIn(2) ? 15_000 : time.logUniform(1_000, 100_000);
        // a step that was forgotten between two polls, after one that was not, leaves no trace
        Duration interval = chronyd.losesSteps()
                ? Duration.ofMillis(100)
                : isSlow ? Duration.ofSeconds(60) : POLL_INTERVALS.get(time.random.nextInt(POLL_INTERVALS.size()));
        return new HostSetup(
                time.between(-100_000L, 100_000L),
                Math.round(maxClockErrorPpb * time.between(0.0, 0.9)),
                maxClockErrorPpb,
                interval,
                time.isOneIn(2),
                time.isOneIn(3),
                time.isOneIn(2) ? Knowledge.OPERATOR : Knowledge.PROVIDER,
                time.isOneIn(5),
                time.isOneIn(5),
                time.isOneIn(2) ? 0 : 25);
    }

    /** Returns the product's settings. */
    BoundSettings settings(ChronydSetup chronyd, List<Reference> references) {
        BoundSettings settings =
                BoundSettings.DEFAULTS.withMaxClockErrorPpb(maxClockErrorPpb).withPollInterval(pollInterval);
        if (isSlewRateStated) {
            settings = settings.withMaxSlewRatePpb(chronyd.maxSlewPpb());
        }
        if (isDisciplineStated) {
            settings = settings.withDiscipline(
                    chronyd.isDisciplining() ? ClockDiscipline.DISCIPLINED : ClockDiscipline.UNDISCIPLINED);
        }
        for (Reference reference : references) {
            if (reference.isClock()) {
                ReferenceId id = reference.id;
                double nanos = reference.noiseNanos + (knows == Knowledge.OPERATOR ? reference.hiddenNanos : 0);
                settings = settings.withReferenceError(id, Duration.ofNanos((long) Math.ceil(nanos)));
            }
        }
        return settings;
    }
}
