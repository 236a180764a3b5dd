/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A step of the wall clock that a poll saw. */
@Name("io.clockbound.Step")
@Label("Step of the Wall Clock")
@Category("ClockBound")
@StackTrace(false)
final class StepEvent extends Event {

    @Label("Detail")
    final String detail;

    private StepEvent(String detail) {
        this.detail = detail;
    }

    static void commit(PollOutcome outcome) {
        new StepEvent(outcome.detail()).commit();
    }
}
