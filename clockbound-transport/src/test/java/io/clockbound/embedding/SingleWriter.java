/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.embedding;

import io.clockbound.BoundedClock;
import io.clockbound.order.Lease;
import io.clockbound.order.LeaseState;
import java.time.Duration;

/** Acts on one host at a time. */
public final class SingleWriter {

    private static final Duration TERM = Duration.ofSeconds(10);
    private static final Duration ACTING = Duration.ofSeconds(1);

    private final String me;
    private final BoundedClock clock;
    private final Register register;

    /** One value in your storage, the same for all hosts. */
    public interface Register {
        Lease read();

        boolean compareAndSet(Lease expected, Lease next);
    }

    public SingleWriter(String me, BoundedClock clock, Register register) {
        this.me = me;
        this.clock = clock;
        this.register = register;
    }

    /** Tells whether the whole act took place under the lease: only then may its result be used. */
    public boolean act(Runnable act) {
        Lease lease = register.read();
        LeaseState state = lease.state(me, ACTING, clock);
        if (state instanceof LeaseState.Over) {
            Lease mine = lease.takenOver(me, TERM, clock);
            if (!register.compareAndSet(lease, mine)) {
                return false; // another host was faster
            }
            lease = mine;
            state = mine.state(me, ACTING, clock);
        }
        if (!(state instanceof LeaseState.Held)) {
            return false; // it may be another host's, or this host's clock is not trusted
        }
        act.run();
        return lease.state(me, Duration.ZERO, clock) instanceof LeaseState.Held; // it may have been paused meanwhile
    }
}
