/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.testing;

import io.clockbound.LocalClock;
import io.clockbound.spi.Basis;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.EstimateOnly;
import io.clockbound.spi.LeapStatus;
import io.clockbound.spi.Measurement;
import io.clockbound.spi.ReferenceId;
import io.clockbound.spi.Services;
import io.clockbound.spi.TimeSource;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A time source that answers what a test told it.
 *
 * <p>At first it follows a server with a root delay of 20 µs and a root dispersion of 10 µs, updates every second, and every
 * other number is zero. What it measured just now has the error that follows from these two. It measures anew, and its reference time moves, only
 * by {@link #update}. The methods that change it return it. Thread-safe.
 */
public final class FakeTimeSource implements TimeSource {

    private ReferenceId reference = new ReferenceId(0xC0000201, true);
    private LeapStatus leap = LeapStatus.NORMAL;
    private Instant referenceTime = Instant.parse("2026-01-01T00:00:00Z");
    private long lastUpdateIntervalNanos = 1_000_000_000;
    private long correctionNanos;
    private long correctionErrorNanos;
    private long lastOffsetNanos;
    private long lastOffsetErrorNanos;
    private long rootDelayNanos = 20_000;
    private long rootDispersionNanos = 10_000;
    private long frequencyPpb;
    private long residualFrequencyPpb;
    private long skewPpb;
    private long measurements;
    private long measuredOffsetNanos;
    private long ageNanos;
    private @Nullable LocalClock aging;
    private long measuredNanos;
    private long pollIntervalNanos = 1_000_000_000;
    private @Nullable String unheard;
    private @Nullable String estimateOnly;

    private @Nullable String failure;
    private volatile Runnable duringPoll = () -> {};
    private volatile Runnable duringClose = () -> {};
    private int polls;
    private int peersAsked;
    private boolean isClosed;

    /** Creates a source that answers. */
    public FakeTimeSource() {}

    /** Returns what it answers. */
    public synchronized ClockSnapshot snapshot() {
        return new ClockSnapshot(
                reference,
                leap,
                referenceTime,
                lastUpdateIntervalNanos,
                correctionNanos,
                correctionErrorNanos,
                lastOffsetNanos,
                lastOffsetErrorNanos,
                rootDelayNanos,
                rootDispersionNanos,
                frequencyPpb,
                residualFrequencyPpb,
                skewPpb,
                basis());
    }

    private Basis basis() {
        if (estimateOnly != null) {
            return new EstimateOnly(estimateOnly);
        }
        long errorNanos = rootDispersionNanos + (rootDelayNanos + 1) / 2;
        return new Measurement(
                measurements,
                measuredOffsetNanos,
                errorNanos,
                aging == null ? ageNanos : aging.monotonicNanos() - measuredNanos,
                pollIntervalNanos,
                Optional.ofNullable(unheard));
    }

    /** Changes what it measured: its estimate minus true time. */
    public synchronized FakeTimeSource measuredOffset(long nanos) {
        measuredOffsetNanos = nanos;
        return this;
    }

    /** Changes how long ago it measured at most. */
    public synchronized FakeTimeSource age(long nanos) {
        ageNanos = nanos;
        return this;
    }

    /** Has its measurements grow old by that clock, beginning with one that is made now. */
    public synchronized FakeTimeSource agingBy(LocalClock clock) {
        aging = clock;
        return measure();
    }

    /** Changes the time between two of its questions to the reference. */
    public synchronized FakeTimeSource pollInterval(long nanos) {
        pollIntervalNanos = nanos;
        return this;
    }

    /** Does not hear its reference any more, for this reason. */
    public synchronized FakeTimeSource unheard(String reason) {
        unheard = reason;
        return this;
    }

    /** Tells no measurement any more, for this reason. */
    public synchronized FakeTimeSource estimateOnly(String reason) {
        estimateOnly = reason;
        return this;
    }

    /** Measures anew without an update of its estimate. */
    public synchronized FakeTimeSource measure() {
        measurements++;
        ageNanos = 0;
        measuredNanos = aging == null ? 0 : aging.monotonicNanos();
        return this;
    }

    /** Moves its estimate by hand, without a measurement: what is told of the measurement moves with it. */
    public synchronized FakeTimeSource moveByHand(long nanos) {
        correctionNanos += nanos;
        measuredOffsetNanos += nanos;
        referenceTime = referenceTime.plusNanos(Math.abs(nanos));
        return this;
    }

    /** Fails each poll with these words until {@link #recover}. */
    public synchronized FakeTimeSource fail(String message) {
        failure = message;
        return this;
    }

    /** Answers again. */
    public synchronized FakeTimeSource recover() {
        failure = null;
        return this;
    }

    /** Does something in each poll from now on, between question and answer. */
    public FakeTimeSource duringPoll(Runnable action) {
        duringPoll = action;
        return this;
    }

    /** Moves the reference time on by a second, as a new measurement does. */
    public synchronized FakeTimeSource update() {
        return update(referenceTime.plusSeconds(1));
    }

    /** Sets the reference time, as a new measurement does. */
    public synchronized FakeTimeSource update(Instant newReferenceTime) {
        referenceTime = newReferenceTime;
        return measure();
    }

    /** Updates its estimate by what it measured before: the reference time moves on, the measurement stays. */
    public synchronized FakeTimeSource updateByOldMeasurement() {
        referenceTime = referenceTime.plusSeconds(1);
        return this;
    }

    /** Changes what it follows. */
    public synchronized FakeTimeSource reference(ReferenceId id) {
        reference = id;
        return this;
    }

    /** Changes the announced leap second. */
    public synchronized FakeTimeSource leap(LeapStatus status) {
        leap = status;
        return this;
    }

    /** Changes the time between its last two updates. */
    public synchronized FakeTimeSource lastUpdateInterval(long nanos) {
        lastUpdateIntervalNanos = nanos;
        return this;
    }

    /** Changes what must be added to the wall clock. */
    public synchronized FakeTimeSource correction(long nanos) {
        correctionNanos = nanos;
        return this;
    }

    /** Changes the rounding error of the correction. */
    public synchronized FakeTimeSource correctionError(long nanos) {
        correctionErrorNanos = nanos;
        return this;
    }

    /** Changes by how much the last update set its estimate back. */
    public synchronized FakeTimeSource lastOffset(long nanos) {
        lastOffsetNanos = nanos;
        return this;
    }

    /** Changes the rounding error of that. */
    public synchronized FakeTimeSource lastOffsetError(long nanos) {
        lastOffsetErrorNanos = nanos;
        return this;
    }

    /** Changes the root delay. */
    public synchronized FakeTimeSource rootDelay(long nanos) {
        rootDelayNanos = nanos;
        return this;
    }

    /** Changes the root dispersion. */
    public synchronized FakeTimeSource rootDispersion(long nanos) {
        rootDispersionNanos = nanos;
        return this;
    }

    /** Changes the frequency error that it corrects; positive when the clock is fast. */
    public synchronized FakeTimeSource frequency(long ppb) {
        frequencyPpb = ppb;
        return this;
    }

    /** Changes the frequency error that is left. */
    public synchronized FakeTimeSource residualFrequency(long ppb) {
        residualFrequencyPpb = ppb;
        return this;
    }

    /** Changes the error bound of the frequency. */
    public synchronized FakeTimeSource skew(long ppb) {
        skewPpb = ppb;
        return this;
    }

    /** Runs something whenever it is closed, on the thread that closes it. */
    public void duringClose(Runnable action) {
        duringClose = action;
    }

    /** Returns how often it was asked. */
    public synchronized int polls() {
        return polls;
    }

    /** Tells whether it was closed and not asked since. */
    public synchronized boolean isClosed() {
        return isClosed;
    }

    @Override
    public ClockSnapshot poll() throws IOException {
        duringPoll.run();
        return answer();
    }

    private synchronized ClockSnapshot answer() throws IOException {
        polls++;
        isClosed = false;
        if (failure != null) {
            throw new IOException(failure);
        }
        return snapshot();
    }

    /** Returns how often it was asked for its peer. */
    public synchronized int peersAsked() {
        return peersAsked;
    }

    @Override
    public synchronized String peer() {
        peersAsked++;
        return "fake";
    }

    @Override
    public synchronized void close() {
        duringClose.run();
        isClosed = true;
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public TimeSource with(Map<String, String> settings) {
        Services.requireKnown(name(), settings, Set.of());
        return this;
    }
}
