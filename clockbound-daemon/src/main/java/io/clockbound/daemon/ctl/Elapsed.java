/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import io.clockbound.daemon.config.DurationText;
import java.time.Duration;

/** Times that have passed or are left, as people say them: not more exact than they can be of use. */
final class Elapsed {

    private Elapsed() {}

    /** Returns a time that is left, never more than it is. */
    static String left(long nanos) {
        return Duration.ofNanos(nanos).toSeconds() < 1 ? "less than 1 s" : of(nanos);
    }

    /** Returns seconds below two minutes, then minutes, hours or days with the next smaller unit. */
    static String of(long nanos) {
        Duration time = Duration.ofNanos(nanos);
        if (time.toMinutes() < 2) {
            return time.toSeconds() < 1 ? DurationText.of(nanos) : time.toSeconds() + " s";
        }
        if (time.toHours() < 2) {
            return time.toMinutes() + " min " + time.toSecondsPart() + " s";
        }
        return time.toDays() < 2
                ? time.toHours() + " h " + time.toMinutesPart() + " min"
                : time.toDays() + " d " + time.toHoursPart() + " h";
    }
}
