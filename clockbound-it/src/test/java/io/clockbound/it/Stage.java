/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it;

import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.daemon.ChronydProcess;
import java.io.IOException;
import java.time.Duration;

/**
 * What a scenario can move while it is observed.
 *
 * @param server the chronyd whose time is true
 * @param chronyd the one that follows it and that the daemon asks
 * @param path between the two, where the scenario has one
 */
record Stage(ChronydProcess server, ChronydProcess chronyd, UdpPath path, Observer observer) {

    /** Bends true time with a command of chronyc. */
    void command(String... words) throws IOException {
        LocalClock clock = LocalClock.system();
        long fromNanos = clock.epochNanos();
        server.chronyc(words);
        observer.trueTime().addCommand(fromNanos, clock.epochNanos());
    }

    void await(ClockStatus status, int patienceSeconds) throws Exception {
        observer.awaitStatus(status, Duration.ofSeconds(patienceSeconds));
    }

    void go(int seconds) throws Exception {
        observer.observeFor(Duration.ofSeconds(seconds));
    }
}
