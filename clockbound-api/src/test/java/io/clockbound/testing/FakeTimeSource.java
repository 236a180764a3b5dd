/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.testing;

import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.LeapStatus;
import io.clockbound.spi.ReferenceId;
import io.clockbound.spi.Services;
import io.clockbound.spi.TimeSource;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A time source that answers what a test told it.
 *
 * <p>At first it follows a server with a root delay of 20 µs and a root dispersion of 10 µs, and every other number is zero.
 * Its reference time moves only by {@link #update}. The methods that change it return it. Thread-safe.
 */
public final class FakeTimeSource implements TimeSource {

    private ReferenceId reference = new ReferenceId(0xC0000201, true);
    private LeapStatus leap = LeapStatus.NORMAL;
    private Instant referenceTime = Instant.parse("2026-01-01T00:00:00Z");
    private long lastUpdateIntervalNanos;
    private long correctionNanos;
    private long correctionErrorNanos;
    private long lastOffsetNanos;
    private long rootDelayNanos = 20_000;
    private long rootDispersionNanos = 10_000;
    private long frequencyPpb;
    private long residualFrequencyPpb;
    private long skewPpb;

    private @Nullable String failure;
    private volatile Runnable duringPoll = () -> {};
    private int polls;
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
                rootDelayNanos,
                rootDispersionNanos,
                frequencyPpb,
                residualFrequencyPpb,
                skewPpb);
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

    /** Changes the offset measured at the last update. */
    public synchronized FakeTimeSource lastOffset(long nanos) {
        lastOffsetNanos = nanos;
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

    /** Changes the frequency error that it corrects. */
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

    @Override
    public String peer() {
        return "fake";
    }

    @Override
    public synchronized void close() {
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
