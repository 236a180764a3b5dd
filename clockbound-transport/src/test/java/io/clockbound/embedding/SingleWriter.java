/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.embedding;

import io.clockbound.BoundedClock;
import io.clockbound.order.Lease;
import io.clockbound.order.LeaseState;
import java.time.Duration;
import java.util.Optional;

/** Acts on one host at a time. */
public final class SingleWriter {

    private static final Duration TERM = Duration.ofSeconds(10);
    private static final Duration ACTING = Duration.ofSeconds(1);

    private final String me;
    private final BoundedClock clock;
    private final Register register;

    /** One value in your storage, the same for all hosts; empty until the first lease. */
    public interface Register {
        Optional<Lease> read();

        boolean compareAndSet(Optional<Lease> expected, Lease next);
    }

    public SingleWriter(String me, BoundedClock clock, Register register) {
        this.me = me;
        this.clock = clock;
        this.register = register;
    }

    /** Tells whether the whole act took place under the lease: only then may its result be used. */
    public boolean act(Runnable act) {
        Optional<Lease> mine = lease();
        if (mine.isEmpty() || !(mine.get().state(me, ACTING, clock) instanceof LeaseState.Held)) {
            return false; // it may be another host's, or this host's clock is not trusted
        }
        act.run();
        return mine.get().state(me, Duration.ZERO, clock)
                instanceof LeaseState.Held; // it may have been paused meanwhile
    }

    /** Returns the lease of this host: the one that it has, renewed when half of it is over, or one that it takes. */
    private Optional<Lease> lease() {
        Optional<Lease> found = register.read();
        if (found.isEmpty()) {
            return set(found, Lease.first(me, TERM, clock));
        }
        Lease lease = found.get();
        LeaseState state = lease.state(me, ACTING, clock);
        if (state instanceof LeaseState.Over) {
            return set(found, lease.takenOver(me, TERM, clock));
        }
        if (!(state instanceof LeaseState.Held held)) {
            return Optional.empty();
        }
        boolean isHalfOver = held.remainingNanos() < TERM.toNanos() / 2;
        return isHalfOver ? set(found, lease.renewed(TERM, clock)) : found;
    }

    private Optional<Lease> set(Optional<Lease> expected, Lease next) {
        return register.compareAndSet(expected, next) ? Optional.of(next) : Optional.empty(); // another host was faster
    }
}
