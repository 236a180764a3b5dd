/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.testing;

import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.LeapStatus;
import io.clockbound.spi.Measurement;
import io.clockbound.spi.ReferenceId;
import io.clockbound.spi.Services;
import io.clockbound.spi.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An honest synchronisation daemon on a simulated machine, modelled on chronyd.
 *
 * <p>Its estimate of true time is wrong by the error of its reference, and never by more than the root distance that it
 * reports. It measures at each update and at no other time, so a step of the wall clock goes unnoticed until the next. Time
 * must pass through {@link #advance}, so that updates and the ends of slews come when they are due. Not thread-safe.
 */
public final class SimulatedSource implements TimeSource {

    /**
     * How the daemon and its machine are.
     *
     * @param isDisciplining whether it sets the clock; chronyd {@code -x} does not
     * @param frequencyPpb the oscillator's frequency error as the daemon believes it; positive means fast
     * @param skewPpb the most by which the daemon reports that to be wrong
     * @param maxClockErrorPpb by how much more it can be wrong without the daemon's knowing
     * @param stepThresholdNanos the correction from which it steps the clock ({@code makestep}); without the right to, it
     *     forgets the correction, as chronyd before 4.7 does
     * @param updateInterval time between two measurements
     */
    public record Setup(
            boolean isDisciplining,
            long frequencyPpb,
            long skewPpb,
            long maxClockErrorPpb,
            long stepThresholdNanos,
            Duration updateInterval) {}

    /** The fastest that it slews the clock. */
    public static final long MAX_SLEW_PPB = 83_333_000;

    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long SKEW_CEILING_PPB = 1_000_000_000;
    private static final long FIRST_UPDATE_NANOS = 2 * NANOS_PER_SECOND;
    private static final long NEVER = Long.MAX_VALUE;

    private final SimulatedClock clock;
    private final Setup setup;

    private SimulatedReference reference;
    private LeapStatus leap = LeapStatus.NORMAL;
    private Runnable beforeAnswer = () -> {};
    private Runnable afterAnswer = () -> {};
    private boolean isRunning;
    private boolean isReferenceLost;
    private int updates;
    private Instant referenceTime = Instant.EPOCH;
    private long nextUpdateNanos;
    private long updatedNanos;
    private long slewPpb;
    private long slewEndNanos = NEVER;
    private long correctionBaseNanos;
    private long baseNanos;
    private long lastOffsetNanos;
    private long measuredDistanceNanos;

    /** Creates a running daemon, whose first update comes within two seconds. */
    public SimulatedSource(SimulatedClock clock, Setup setup, SimulatedReference reference) {
        this.clock = clock;
        this.setup = setup;
        this.reference = reference;
        restart();
    }

    /** Lets true time pass, and the daemon do what is due meanwhile. */
    public void advance(Duration trueTime) {
        advanceNanos(trueTime.toNanos());
    }

    /** Lets true time pass, and the daemon do what is due meanwhile. */
    public void advanceNanos(long nanos) {
        long endNanos = clock.elapsedNanos() + nanos;
        for (long next = nextNanos(); next <= endNanos; next = nextNanos()) {
            clock.advanceNanos(Math.max(0, next - clock.elapsedNanos()));
            actWhenDue();
        }
        clock.advanceNanos(Math.max(0, endNanos - clock.elapsedNanos()));
    }

    /** Follows another reference, or this one with another error, from the next update on. */
    public void follow(SimulatedReference other) {
        reference = other;
    }

    /** Measures now, and steps the clock or begins to slew it. */
    public void updateNow() {
        long nowNanos = clock.elapsedNanos();
        long measuredNanos = reference.errorNanos() - clock.wallErrorNanos();
        boolean isStep = Math.abs(measuredNanos) >= setup.stepThresholdNanos();
        // by how much the estimate is set back: positive when it was ahead
        lastOffsetNanos = correctionNanos() - measuredNanos;
        measuredDistanceNanos = reference.distanceNanos();
        updates++;
        updatedNanos = nowNanos;
        nextUpdateNanos = nowNanos + setup.updateInterval().toNanos();
        long fuzzNanos = updates * 377_777_777L % NANOS_PER_SECOND; // chronyd hides when exactly it measured
        referenceTime = Instant.ofEpochSecond(0, clock.trueNanos() + reference.errorNanos() - fuzzNanos);
        if (isStep && setup.isDisciplining()) {
            clock.stepWallNanos(measuredNanos);
        }
        correctionBaseNanos = isStep ? 0 : measuredNanos;
        baseNanos = nowNanos;
        if (setup.isDisciplining()) {
            slew(correctionBaseNanos);
        }
    }

    /** Changes the announced leap second. */
    public void announce(LeapStatus status) {
        leap = status;
    }

    /** Hears of its reference no more, or again; goes on answering. */
    public void loseReference(boolean isLost) {
        isReferenceLost = isLost;
    }

    /** Ends at once, in the middle of whatever it does: the kernel goes on slewing as it was told. */
    public void kill() {
        isRunning = false;
    }

    /** Ends in order: a slew under way ends with it. */
    public void stop() {
        slew(0);
        isRunning = false;
    }

    /** Runs again, knowing nothing. */
    public void restart() {
        isRunning = true;
        updates = 0;
        correctionBaseNanos = 0;
        baseNanos = clock.elapsedNanos();
        nextUpdateNanos =
                baseNanos + Math.min(FIRST_UPDATE_NANOS, setup.updateInterval().toNanos());
        slew(0);
    }

    /** Tells how much true time has passed since the last update, in nanoseconds. */
    public long sinceUpdateNanos() {
        return clock.elapsedNanos() - updatedNanos;
    }

    /** Does something in each poll from now on: after the question, and after the daemon made its answer. */
    public void duringPoll(Runnable beforeItAnswers, Runnable afterItAnswered) {
        beforeAnswer = beforeItAnswers;
        afterAnswer = afterItAnswered;
    }

    @Override
    public ClockSnapshot poll() throws IOException {
        beforeAnswer.run();
        if (!isRunning) {
            throw new IOException("no answer from the simulated daemon: it does not run");
        }
        actWhenDue();
        ClockSnapshot answer = snapshot();
        afterAnswer.run();
        return answer;
    }

    private ClockSnapshot snapshot() {
        boolean isSynchronized = updates > 0;
        long growthPpb = setup.skewPpb() + setup.maxClockErrorPpb();
        long grownNanos = isSynchronized ? scaled(sinceUpdateNanos(), growthPpb) + 1 : 0;
        return new ClockSnapshot(
                isSynchronized ? reference.id() : ReferenceId.NONE,
                isSynchronized ? leap : LeapStatus.UNSYNCHRONIZED,
                referenceTime,
                updates > 1 ? setup.updateInterval().toNanos() : 0,
                correctionNanos(),
                1,
                lastOffsetNanos,
                1,
                reference.distanceNanos(),
                reference.distanceNanos() - reference.distanceNanos() / 2 + grownNanos,
                setup.frequencyPpb(),
                0,
                updates > 1 ? setup.skewPpb() : SKEW_CEILING_PPB,
                measurement());
    }

    /** Its estimate is what it measured last; how old that is it tells in whole seconds, as chronyd does. */
    private Measurement measurement() {
        long ageSeconds = sinceUpdateNanos() / NANOS_PER_SECOND + 1;
        boolean isLate = isReferenceLost
                && sinceUpdateNanos() > 8 * setup.updateInterval().toNanos();
        return new Measurement(
                updates,
                0,
                measuredDistanceNanos + 1,
                ageSeconds * NANOS_PER_SECOND,
                setup.updateInterval().toNanos(),
                isLate ? Optional.of("the simulated reference does not answer") : Optional.empty());
    }

    private long nextNanos() {
        if (!isRunning) {
            return NEVER;
        }
        return isReferenceLost ? slewEndNanos : Math.min(nextUpdateNanos, slewEndNanos);
    }

    private void actWhenDue() {
        long nowNanos = clock.elapsedNanos();
        if (isRunning && slewEndNanos <= nowNanos) {
            correctionBaseNanos = correctionNanos();
            baseNanos = nowNanos;
            slew(0);
        }
        if (isRunning && !isReferenceLost && nextUpdateNanos <= nowNanos) {
            updateNow();
        }
    }

    /** Moves the clock by so much from now on, as fast as chronyd may: over a second at least. */
    private void slew(long byNanos) {
        if (!setup.isDisciplining()) {
            return;
        }
        slewPpb = Math.max(-MAX_SLEW_PPB, Math.min(MAX_SLEW_PPB, byNanos)); // a nanosecond in a second is one ppb
        slewEndNanos = slewPpb == 0 ? NEVER : clock.elapsedNanos() + Math.round(1e9 * byNanos / slewPpb);
        clock.slewAt(slewPpb - setup.frequencyPpb());
    }

    /** Returns what it would add to the wall clock; it does not look at that clock for it. */
    private long correctionNanos() {
        long movingPpb = setup.isDisciplining() ? slewPpb : setup.frequencyPpb();
        return correctionBaseNanos - scaled(clock.elapsedNanos() - baseNanos, movingPpb);
    }

    private static long scaled(long nanos, long ppb) {
        return nanos / NANOS_PER_SECOND * ppb + Math.floorDiv(nanos % NANOS_PER_SECOND * ppb, NANOS_PER_SECOND);
    }

    @Override
    public String peer() {
        return "simulation";
    }

    @Override
    public void close() {}

    @Override
    public String name() {
        return "simulation";
    }

    @Override
    public TimeSource with(Map<String, String> settings) {
        Services.requireKnown(name(), settings, Set.of());
        return this;
    }
}
