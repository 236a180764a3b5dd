/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import java.time.Duration;
import jdk.jfr.FlightRecorder;

/**
 * The events that a flight recording gets of a clock that this process keeps.
 *
 * <p>Until a recording has begun, a poll costs a look at one flag and no class of an event is loaded; in a runtime without
 * {@code jdk.jfr} none ever is.
 */
final class FlightEvents {

    private static final boolean IS_PRESENT =
            ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    private FlightEvents() {}

    /** Polls, with an event of the poll. */
    static Duration poll(ErrorBoundTracker tracker) {
        return isRecorded() ? PollEvent.of(tracker) : tracker.poll();
    }

    /**
     * Takes note of an outcome that is published.
     *
     * @param was the status before it
     */
    static void note(ClockStatus was, PollOutcome outcome) {
        if (!isRecorded()) {
            return;
        }
        if (outcome.bound().status() != was) {
            StatusChangeEvent.commit(was, outcome);
        }
        if (outcome.result() == PollOutcome.Result.STEPPED) {
            StepEvent.commit(outcome);
        }
    }

    private static boolean isRecorded() {
        return IS_PRESENT && FlightRecorder.isInitialized();
    }
}
