/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import java.time.Instant;
import java.util.function.Consumer;

/**
 * A clock that says between which two instants true time lies.
 *
 * <p>Thread-safe. Closing it ends its threads and closes its sockets and files.
 */
public interface BoundedClock extends AutoCloseable {

    /**
     * Returns the interval that contains true time.
     *
     * @throws ClockNotTrustedException when no such interval is known
     */
    default BoundedInstant now() {
        BoundedInstant now = read();
        if (!now.status().isTrusted()) {
            throw new ClockNotTrustedException(now.status());
        }
        return now;
    }

    /** Returns the interval and its status; the whole time line while the clock cannot be trusted. */
    BoundedInstant read();

    /** Returns where its readings come from, for people to read, such as {@code shared memory /run/clockbound/shm0}. */
    String description();

    /**
     * Tells whether {@code instant} has certainly passed.
     *
     * @throws ClockNotTrustedException when that cannot be known
     */
    default boolean isPast(Instant instant) {
        return now().isPast(instant);
    }

    /**
     * Tells whether {@code instant} has certainly not come yet.
     *
     * @throws ClockNotTrustedException when that cannot be known
     */
    default boolean isFuture(Instant instant) {
        return now().isFuture(instant);
    }

    @Override
    void close();

    /**
     * Returns a clock that needs no daemon: this process asks the installed {@code TimeSource} itself, on a thread of its
     * own.
     *
     * @throws IllegalStateException when no time source is on the class path
     */
    static BoundedClock embedded() {
        return embedded(BoundSettings.DEFAULTS, poll -> {});
    }

    /**
     * Returns a clock that needs no daemon, with settings.
     *
     * @param listener is told what came of each poll, on the polling thread
     * @throws IllegalStateException when no time source is on the class path
     */
    static BoundedClock embedded(BoundSettings settings, Consumer<Poll> listener) {
        return EmbeddedClock.ofInstalled(settings, listener);
    }
}
