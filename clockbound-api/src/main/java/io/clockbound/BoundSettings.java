/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import io.clockbound.spi.ReferenceId;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The operator's settings: what may be assumed of this machine, and how to poll. Immutable; begin with {@link #DEFAULTS}.
 *
 * @param maxClockErrorPpb worst frequency error of this machine's oscillator beyond what the time source estimates, 0 to
 *     10⁹ − 1; the guarantee rests on it
 * @param pollInterval time between two polls of the time source, 100 ms to 60 s
 * @param holdover how long after the last synchronised poll a source is believed that replies but has lost its reference, 1 s
 *     to 1 day
 * @param localReferenceAllowed whether a time source that follows nothing but its own clock is trusted
 * @param estimateAllowed whether a time source is trusted that reports no measurement; the bound then holds only while the
 *     oscillator's frequency and the source's references stay as they are
 * @param discipline whether the time source sets the clock
 * @param maxSlewRatePpb the fastest that the time source slews the clock, 1 to 10⁸; when given, every bound grows at that
 *     rate as well, and covers a slew that begins between two polls
 * @param referenceErrors how far each reference clock can be from true time, the noise of a sample included, for clocks whose
 *     error no provider knows
 */
public record BoundSettings(
        long maxClockErrorPpb,
        Duration pollInterval,
        Duration holdover,
        boolean localReferenceAllowed,
        boolean estimateAllowed,
        ClockDiscipline discipline,
        OptionalLong maxSlewRatePpb,
        Map<ReferenceId, Duration> referenceErrors) {

    /** Whether the time source sets the clock of this machine. */
    public enum ClockDiscipline {
        /** Inferred from its replies; until then the bound covers both. */
        AUTO,
        /** The time source sets it. */
        DISCIPLINED,
        /** Nothing sets it: chronyd runs with {@code -x}, or without the right to set the clock. */
        UNDISCIPLINED
    }

    static final Duration SHORTEST_POLL_INTERVAL = Duration.ofMillis(100);

    /** 15 ppm, ten polls a second, 1000 s of holdover, no trust in a local reference or an estimate without a measurement. */
    public static final BoundSettings DEFAULTS = new BoundSettings(
            15_000,
            Duration.ofMillis(100),
            Duration.ofSeconds(1000),
            false,
            false,
            ClockDiscipline.AUTO,
            OptionalLong.empty(),
            Map.of());

    /** Checks the ranges. */
    public BoundSettings {
        if (maxClockErrorPpb < 0 || maxClockErrorPpb >= ClockErrorBound.DRIFT_LIMIT_PPB) {
            throw new IllegalArgumentException("max clock error of " + maxClockErrorPpb + " ppb must be 0 to "
                    + (ClockErrorBound.DRIFT_LIMIT_PPB - 1) + " (below 1000000 ppm)");
        }
        requireBetween("poll interval", pollInterval, SHORTEST_POLL_INTERVAL, Duration.ofSeconds(60));
        requireBetween("holdover", holdover, Duration.ofSeconds(1), Duration.ofDays(1));
        if (maxSlewRatePpb.isPresent()
                && (maxSlewRatePpb.getAsLong() < 1 || maxSlewRatePpb.getAsLong() > SourceReply.MAX_SLEW_PPB)) {
            throw new IllegalArgumentException("max slew rate of " + maxSlewRatePpb.getAsLong() + " ppb must be 1 to "
                    + SourceReply.MAX_SLEW_PPB + " (100000 ppm)");
        }
        referenceErrors = Map.copyOf(referenceErrors);
        referenceErrors.forEach((reference, error) ->
                requireBetween("reference error of " + reference, error, Duration.ZERO, Duration.ofDays(1)));
    }

    /** Returns these with another worst frequency error of the oscillator, ppb. */
    public BoundSettings withMaxClockErrorPpb(long ppb) {
        return new BoundSettings(
                ppb,
                pollInterval,
                holdover,
                localReferenceAllowed,
                estimateAllowed,
                discipline,
                maxSlewRatePpb,
                referenceErrors);
    }

    /** Returns these with another time between two polls. */
    public BoundSettings withPollInterval(Duration interval) {
        return new BoundSettings(
                maxClockErrorPpb,
                interval,
                holdover,
                localReferenceAllowed,
                estimateAllowed,
                discipline,
                maxSlewRatePpb,
                referenceErrors);
    }

    /** Returns these with another holdover. */
    public BoundSettings withHoldover(Duration time) {
        return new BoundSettings(
                maxClockErrorPpb,
                pollInterval,
                time,
                localReferenceAllowed,
                estimateAllowed,
                discipline,
                maxSlewRatePpb,
                referenceErrors);
    }

    /** Returns these with trust, or none, in a source that follows nothing but its own clock. */
    public BoundSettings withLocalReference(boolean isAllowed) {
        return new BoundSettings(
                maxClockErrorPpb,
                pollInterval,
                holdover,
                isAllowed,
                estimateAllowed,
                discipline,
                maxSlewRatePpb,
                referenceErrors);
    }

    /** Returns these with trust, or none, in a source that reports no measurement. */
    public BoundSettings withEstimate(boolean isAllowed) {
        return new BoundSettings(
                maxClockErrorPpb,
                pollInterval,
                holdover,
                localReferenceAllowed,
                isAllowed,
                discipline,
                maxSlewRatePpb,
                referenceErrors);
    }

    /** Returns these with or without a time source that sets the clock. */
    public BoundSettings withDiscipline(ClockDiscipline known) {
        return new BoundSettings(
                maxClockErrorPpb,
                pollInterval,
                holdover,
                localReferenceAllowed,
                estimateAllowed,
                known,
                maxSlewRatePpb,
                referenceErrors);
    }

    /** Returns these with the fastest slew of the time source, ppb. */
    public BoundSettings withMaxSlewRatePpb(long ppb) {
        return new BoundSettings(
                maxClockErrorPpb,
                pollInterval,
                holdover,
                localReferenceAllowed,
                estimateAllowed,
                discipline,
                OptionalLong.of(ppb),
                referenceErrors);
    }

    /** Returns these with the error of one more reference clock. */
    public BoundSettings withReferenceError(ReferenceId reference, Duration error) {
        Map<ReferenceId, Duration> more = new HashMap<>(referenceErrors);
        more.put(reference, error);
        return new BoundSettings(
                maxClockErrorPpb,
                pollInterval,
                holdover,
                localReferenceAllowed,
                estimateAllowed,
                discipline,
                maxSlewRatePpb,
                more);
    }

    private static void requireBetween(String what, Duration value, Duration minimum, Duration maximum) {
        if (value.compareTo(minimum) < 0 || value.compareTo(maximum) > 0) {
            throw new IllegalArgumentException(what + " of " + millis(value) + " ms must be " + millis(minimum) + " to "
                    + millis(maximum) + " ms");
        }
    }

    private static String millis(Duration value) {
        return new BigDecimal(value.getSeconds())
                .movePointRight(3)
                .add(BigDecimal.valueOf(value.getNano(), 6))
                .stripTrailingZeros()
                .toPlainString();
    }
}
