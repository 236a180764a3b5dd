/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;

/** A reading over a socket that took long; a recording may set another threshold. */
@Name("io.clockbound.SlowRequest")
@Label("Slow Request to a Daemon")
@Category("ClockBound")
@Threshold("10 ms")
@StackTrace(false)
final class RequestEvent extends Event {

    @Label("Socket")
    final String socket;

    @Label("Failure")
    String failure = "";

    private RequestEvent(String socket) {
        this.socket = socket;
    }

    /** Begins the event of a reading. */
    static RequestEvent begun(String socket) {
        RequestEvent event = new RequestEvent(socket);
        event.begin();
        return event;
    }

    /**
     * Ends it.
     *
     * @param why why there is no interval; empty when there is one
     */
    void end(String why) {
        failure = why;
        commit();
    }
}
