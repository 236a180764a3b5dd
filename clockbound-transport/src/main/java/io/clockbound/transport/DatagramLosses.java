/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.LocalClock;
import java.io.IOException;
import java.util.function.Consumer;

/** Counts the answers that reach nobody and hands over the first of a run. */
final class DatagramLosses {

    private final ServerCounters counters;
    private final FailureLimiter dropped;
    private final FailureLimiter gone;
    private final FailureLimiter nameless;

    DatagramLosses(ServerCounters counters, LocalClock local, Consumer<IOException> failures) {
        this.counters = counters;
        this.dropped = new FailureLimiter(local, failures);
        this.gone = new FailureLimiter(local, failures);
        this.nameless = new FailureLimiter(local, failures);
    }

    void addDropped(RequestType type, DatagramPeer client) {
        counters.count(type, RequestResult.DROPPED);
        dropped.add(() -> new IOException("client " + client
                + " does not read its answers, or others leave no room for them; answers are dropped"));
    }

    void addGone(RequestType type, IOException failure) {
        counters.count(type, RequestResult.CLIENT_GONE);
        gone.add(() -> failure);
    }

    void addNameless(RequestType type) {
        counters.count(type, RequestResult.NAMELESS);
        nameless.add(() -> new IOException("a client without a name asked; it must bind its socket to be answered"));
    }
}
