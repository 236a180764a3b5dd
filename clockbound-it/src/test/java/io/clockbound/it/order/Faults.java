/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.order;

import io.clockbound.it.Deadline;
import java.time.Duration;

/** What happens to hosts in the course of a run: a network turns asymmetric, a source is lost, a machine is suspended. */
record Faults(Fleet fleet, Duration run) {

    private static final Duration DELAY = Duration.ofMillis(60);
    private static final int STEPS = 12;

    /** Lets the run pass. */
    void happen() throws Exception {
        Host suspended = fleet.host("suspended");
        pass(1);
        fleet.delay(DELAY, Duration.ZERO);
        pass(1);
        fleet.cutOff();
        pass(1);
        suspended.suspend();
        pass(1);
        suspended.resume();
        pass(2);
        fleet.delay(Duration.ZERO, DELAY);
        pass(2);
        fleet.mend();
        suspended.suspend();
        pass(1);
        suspended.resume();
        pass(1);
        fleet.delay(Duration.ZERO, Duration.ZERO);
        pass(2);
    }

    private void pass(int steps) {
        Deadline end = Deadline.in(run.multipliedBy(steps).dividedBy(STEPS));
        while (!end.isOver()) {
            Deadline.pause();
        }
    }
}
