/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.containers;

import io.clockbound.ClockStatus;
import io.clockbound.it.truth.Observer;
import java.time.Duration;

/**
 * What a scenario in containers can move while it is observed.
 *
 * @param chronyd the one that the daemon asks
 */
record ContainerStage(ChronyContainer chronyd, Observer observer) {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    void await(ClockStatus status) throws Exception {
        observer.awaitStatus(status, PATIENCE);
    }

    void go(int seconds) throws Exception {
        observer.observeFor(Duration.ofSeconds(seconds));
    }
}
