/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import io.clockbound.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A clock that returns the two instants between which true time lies.
 *
 * <p>Thread-safe. Closing it ends its threads and closes its sockets and files; it can be closed again. From then on whatever
 * reads it throws {@link IllegalStateException}, and what waits for it ends with that within 100 ms. Its {@code toString}
 * says where its readings come from. {@code BoundedClockContract} in the test jar tests an implementation against this
 * contract.
 */
public interface BoundedClock extends AutoCloseable {

    /**
     * Returns the interval that contains true time.
     *
     * @throws ClockNotTrustedException when no such interval is known
     * @throws IllegalStateException when this clock is closed
     */
    default BoundedInstant now() {
        BoundedInstant now = read();
        if (!now.status().isTrusted()) {
            throw ClockNotTrustedException.ofNow(now.status(), "it is read from " + description());
        }
        return now;
    }

    /**
     * Returns the interval and its status; the whole time line while the clock cannot be trusted.
     *
     * @throws IllegalStateException when this clock is closed
     */
    BoundedInstant read();

    /**
     * Reads the clock as {@link #read()} does, into an object of the caller's. Implementations that override it need not
     * allocate one.
     */
    default void read(BoundedReading room) {
        room.set(read());
    }

    /** Returns a reading together with why its status is what it is: for health checks and for people. */
    default ClockReport report() {
        try {
            BoundedInstant now = now();
            return new ClockReport(now, ClockReport.TRUSTED, description());
        } catch (ClockNotTrustedException e) {
            return new ClockReport(BoundedInstant.unbounded(e.status()), e.why(), description());
        }
    }

    /**
     * Calls {@code listener} whenever the status has changed, beginning with UNKNOWN. Threads of the common pool, one at a time,
     * look every 100 ms; what is over between two looks is missed. A listener that throws is called at the next change again.
     *
     * @return ends the calls when it is closed; a close of the clock ends them, too, with a last change to UNKNOWN
     */
    default StatusWatch onStatusChange(Consumer<StatusChange> listener) {
        return new StatusWatch(this, listener).begin();
    }

    /** Returns where its readings come from, for people, such as {@code shared memory /run/clockbound/shm0}. */
    String description();

    /** Returns the clocks of the host, by which it waits and measures. */
    default LocalClock local() {
        return LocalClock.system();
    }

    /**
     * Returns the lower end of the interval, nanoseconds since the Unix epoch. Implementations that override this and
     * {@link #latestNanos} without allocating make the comparisons allocate nothing either.
     *
     * @throws ClockNotTrustedException when no such interval is known
     */
    default long earliestNanos() {
        return now().earliestNanos();
    }

    /**
     * Returns the upper end of the interval, nanoseconds since the Unix epoch.
     *
     * @throws ClockNotTrustedException when no such interval is known
     */
    default long latestNanos() {
        return now().latestNanos();
    }

    /**
     * Tells whether {@code instant} has certainly passed.
     *
     * @throws ClockNotTrustedException when that cannot be known
     */
    default boolean isPast(Instant instant) {
        return isPast(BoundedInstant.epochNanos(instant));
    }

    /**
     * Tells whether an instant, in nanoseconds since the Unix epoch, has certainly passed.
     *
     * @throws ClockNotTrustedException when that cannot be known
     */
    default boolean isPast(long epochNanos) {
        return epochNanos < earliestNanos();
    }

    /**
     * Tells whether {@code instant} has certainly not come yet.
     *
     * @throws ClockNotTrustedException when that cannot be known
     */
    default boolean isFuture(Instant instant) {
        return isFuture(BoundedInstant.epochNanos(instant));
    }

    /**
     * Tells whether an instant, in nanoseconds since the Unix epoch, has certainly not come yet.
     *
     * @throws ClockNotTrustedException when that cannot be known
     */
    default boolean isFuture(long epochNanos) {
        return epochNanos > latestNanos();
    }

    /**
     * Waits until {@code instant} has certainly passed, without spinning.
     *
     * <p>It does not wait for trust to return: the caller decides what becomes of the commit, or of whatever the instant
     * stands for. The loss is noticed within 100 ms.
     *
     * @param timeout how long to wait at most; zero or less looks once
     * @return the interval that proves it
     * @throws ClockNotTrustedException as soon as the clock is seen without trust
     * @throws TimeoutException with what was missing
     * @throws InterruptedException when the thread is interrupted before or while it waits
     */
    default BoundedInstant waitUntilPast(Instant instant, Duration timeout)
            throws InterruptedException, TimeoutException {
        return new Wait(this, timeout).untilPast(instant);
    }

    /**
     * Waits for {@code instant} to have certainly passed, without a thread of its own: the caller reads the clock first,
     * then threads of the common pool do, which also run what depends on the outcome.
     *
     * @param timeout how long to wait at most; zero or less looks once
     * @return the interval that proves it, or exceptionally what {@link #waitUntilPast} throws; cancelling it ends the
     *     wait
     */
    default CompletableFuture<BoundedInstant> whenPast(Instant instant, Duration timeout) {
        return new Wait(this, timeout).whenPast(instant);
    }

    /**
     * Waits until the clock can be trusted, looking every 100 ms. With {@link #withMaxHalfWidth} it waits until the
     * interval is narrow enough, too.
     *
     * @param timeout how long to wait at most; zero or less looks once
     * @return the first interval with trust
     * @throws TimeoutException with the reason for the lack of trust
     * @throws InterruptedException when the thread is interrupted before or while it waits
     */
    default BoundedInstant waitUntilTrusted(Duration timeout) throws InterruptedException, TimeoutException {
        return new Wait(this, timeout).untilTrusted();
    }

    /**
     * Runs {@code work} and returns when it ran and how long it took.
     *
     * @throws ClockNotTrustedException when the clock cannot be trusted before the work, which is then not begun
     * @throws Exception what {@code work} throws, unchanged
     */
    default <T extends @Nullable Object> Timing<T> timing(Callable<T> work) throws Exception {
        return Timing.of(this, work);
    }

    /**
     * Returns this clock for callers who can use no interval wider than twice {@code maxHalfWidth}: a wider one counts
     * as not trusted, with status UNKNOWN. Closing either closes both.
     *
     * @throws IllegalArgumentException when {@code maxHalfWidth} is not greater than 0
     */
    default BoundedClock withMaxHalfWidth(Duration maxHalfWidth) {
        return new MaxWidthClock(this, Wait.saturatedNanos(maxHalfWidth));
    }

    /**
     * Returns a source of instants that are never after true time. It throws {@link ClockNotTrustedException} while
     * the clock cannot be trusted.
     */
    default InstantSource earliestSource() {
        return () -> now().earliest();
    }

    /**
     * Returns a source of instants that are never before true time, its milliseconds rounded up. It throws
     * {@link ClockNotTrustedException} while the clock cannot be trusted.
     */
    default InstantSource latestSource() {
        return new LatestSource(this);
    }

    /**
     * Returns a source of the instants in the middle of the interval, which promise nothing. It throws
     * {@link ClockNotTrustedException} while the clock cannot be trusted.
     */
    default InstantSource midpointSource() {
        return () -> now().midpoint();
    }

    @Override
    void close();

    /**
     * Returns a clock that needs no daemon: this process asks the installed {@link TimeSource} itself, on a thread of its own,
     * and this call waits for the first answer. The guarantee rests on the max clock error of {@link BoundSettings#DEFAULTS},
     * which the logger {@code io.clockbound} states.
     *
     * @throws IllegalStateException when no time source is on the class path, or more than one
     */
    static EmbeddedClock embedded() {
        return embedded(BoundSettings.DEFAULTS, poll -> {});
    }

    /**
     * Returns a clock that needs no daemon, with settings.
     *
     * @param listener receives every outcome, on the polling thread
     * @throws IllegalStateException when no time source is on the class path, or more than one
     */
    static EmbeddedClock embedded(BoundSettings settings, Consumer<PollOutcome> listener) {
        return embedded(InstalledTimeSource.only(), settings, listener);
    }

    /**
     * Returns a clock that needs no daemon and asks this time source.
     *
     * @param source such as {@code Services.named(TimeSource.class, "chrony").with(Map.of("address", "127.0.0.1:323"))}; the
     *     polling thread alone asks and closes it
     * @param listener receives every outcome, on the polling thread
     */
    static EmbeddedClock embedded(TimeSource source, BoundSettings settings, Consumer<PollOutcome> listener) {
        return EmbeddedClock.polled(source, settings, listener);
    }
}
