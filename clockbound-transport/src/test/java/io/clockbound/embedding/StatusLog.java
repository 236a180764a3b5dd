/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.embedding;

import io.clockbound.BoundedClock;
import io.clockbound.ClockReport;
import io.clockbound.StatusWatch;

/** Writes where a clock is read from, and each change of its status. */
public final class StatusLog {

    private static final System.Logger LOG = System.getLogger("orders");

    private StatusLog() {}

    public static StatusWatch begin(BoundedClock clock) {
        ClockReport report = clock.report();
        LOG.log(System.Logger.Level.INFO, "{0}: {1}, because {2}", clock, report.status(), report.why());
        return clock.onStatusChange(change -> LOG.log(
                change.is().isTrusted() ? System.Logger.Level.INFO : System.Logger.Level.ERROR,
                "the clock was {0} and is {1}: {2}",
                change.was(),
                change.is(),
                change.why()));
    }
}
