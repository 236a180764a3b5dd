/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A poll of the time source, with its duration. */
@Name("io.clockbound.Poll")
@Label("Poll of the Time Source")
@Category("ClockBound")
@StackTrace(false)
final class PollEvent extends Event {

    /** What a recording shows as N/A. */
    private static final long NONE = Long.MIN_VALUE;

    @Label("Result")
    String result;

    @Label("Detail")
    String detail;

    @Label("Time Source")
    String peer;

    @Label("Status")
    String status;

    @Label("Half Width")
    @Description("of the bound that was published; none without trust")
    @Timespan(Timespan.NANOSECONDS)
    long halfWidth;

    PollEvent() {
        // all of it is set before the event is committed
        result = "";
        detail = "";
        peer = "";
        status = "";
    }

    /** Ends the event with what came of the poll. */
    void commit(PollOutcome outcome) {
        end();
        if (shouldCommit()) {
            result = outcome.result().name();
            detail = outcome.detail();
            peer = outcome.peer();
            status = outcome.bound().status().name();
            halfWidth = outcome.bound().status().isTrusted() ? outcome.bound().boundNanos() : NONE;
            commit();
        }
    }
}
