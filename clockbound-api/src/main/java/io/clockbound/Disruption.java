/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What makes everything that was known of the clock worthless: a step of the wall clock, or an operator's order.
 *
 * <p>After a step it lasts until the source has measured again: a source that did not notice the step goes on reporting
 * the small error of the clock before.
 */
final class Disruption {

    private volatile boolean isForced;

    /** The tightest since the last step, so that neither a loose one nor many small steps hide a step. */
    private @Nullable Witness tightest;

    private boolean isAwaitingUpdate;
    private @Nullable Instant referenceTimeAfterStep;

    void force(boolean isForced) {
        this.isForced = isForced;
    }

    boolean isForced() {
        return isForced;
    }

    boolean isPresent() {
        return isForced || isAwaitingUpdate;
    }

    /** Returns by how much the wall clock was stepped since the earlier calls, if it was. */
    Optional<Duration> stepBefore(Witness now) {
        Witness last = tightest;
        if (last == null || !now.differsFrom(last)) {
            tightest = last == null || now.errorNanos() < last.errorNanos() ? now : last;
            return Optional.empty();
        }
        tightest = now;
        isAwaitingUpdate = true;
        referenceTimeAfterStep = null;
        return Optional.of(Duration.ofNanos(now.nanos() - last.nanos()));
    }

    /** Takes note of an answer that was asked for after the last step. */
    void noteAnswer(Instant referenceTime, boolean isSynchronized) {
        if (!isSynchronized) {
            return; // it may speak of another reference, and the next answer of what was measured before the step
        }
        if (referenceTimeAfterStep == null) {
            referenceTimeAfterStep = referenceTime;
        }
        if (!referenceTime.equals(referenceTimeAfterStep)) {
            isAwaitingUpdate = false;
        }
    }
}
