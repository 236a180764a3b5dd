/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import java.time.Duration;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

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
        @Nullable PollEvent event = isRecorded() ? begun() : null;
        Duration wait = tracker.poll();
        if (event != null) {
            unlessFault(() -> event.commit(tracker.last()));
        }
        return wait;
    }

    private static @Nullable PollEvent begun() {
        try {
            PollEvent event = new PollEvent();
            event.begin();
            return event;
        } catch (RuntimeException | Error fault) {
            return null;
        }
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
        unlessFault(() -> {
            if (outcome.bound().status() != was) {
                StatusChangeEvent.commit(was, outcome);
            }
            if (outcome.result() == PollOutcome.Result.STEPPED) {
                StepEvent.commit(outcome);
            }
        });
    }

    /** Notes something, or does not: a recording is not worth a poll, a bound or a listener that is told nothing. */
    private static void unlessFault(Runnable note) {
        try {
            note.run();
        } catch (RuntimeException | Error fault) {
            // the event is not in the recording
        }
    }

    private static boolean isRecorded() {
        return IS_PRESENT && FlightRecorder.isInitialized();
    }
}
