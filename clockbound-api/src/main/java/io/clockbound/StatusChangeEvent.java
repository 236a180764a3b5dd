/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A poll that changed the status. */
@Name("io.clockbound.StatusChange")
@Label("Change of the Clock's Status")
@Category("ClockBound")
@StackTrace(false)
final class StatusChangeEvent extends Event {

    @Label("Was")
    final String was;

    @Label("Is")
    final String is;

    @Label("Why")
    final String why;

    private StatusChangeEvent(String was, String is, String why) {
        this.was = was;
        this.is = is;
        this.why = why;
    }

    static void commit(ClockStatus was, PollOutcome outcome) {
        new StatusChangeEvent(was.name(), outcome.bound().status().name(), outcome.detail()).commit();
    }
}
