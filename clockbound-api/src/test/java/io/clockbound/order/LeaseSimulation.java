/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.order;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockNotTrustedException;
import io.clockbound.order.LeaseState.Held;
import io.clockbound.order.LeaseState.NotOver;
import io.clockbound.order.LeaseState.Over;
import io.clockbound.order.LeaseState.Untrusted;
import io.clockbound.testing.Exclusion.Act;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Several hosts after the lease in one register, drawn from one seed. Requests and replies take their time or are lost; two threads of a host act
 * under its name.
 */
final class LeaseSimulation {

    /** How hosts go about it. */
    enum Way {
        /** As {@link Lease} says: an act either ends in the time it was given, or counts only after another look. */
        RIGHT,
        /** Takes over as soon as the lease may be over, without waiting until it certainly is. */
        WITHOUT_THE_WAIT,
        /** Looks only before an act, which can be paused for longer than it was given. */
        WITHOUT_THE_SECOND_LOOK
    }

    private static final int HOSTS = 4;
    private static final int THREADS = 2;
    private static final Duration LEASE = Duration.ofMillis(300);
    private static final Duration ACTING = Duration.ofMillis(5);

    private final VirtualTime time;
    private final Way way;
    private final List<SimulatedHost> hosts;
    private @Nullable Lease register;

    final List<Act> acts = new ArrayList<>();
    int handOvers;
    int renewals;
    int releases;
    int actsWithoutCount;

    LeaseSimulation(long seed, Way way, double lie) {
        this.time = new VirtualTime(seed);
        this.way = way;
        this.hosts = time.hosts(HOSTS, lie);
        for (SimulatedHost host : hosts) {
            Contender process = new Contender(host);
            for (int i = 0; i < THREADS; i++) {
                time.soon(host, latency(), process::read);
            }
        }
    }

    void run(int wantedHandOvers) {
        while (handOvers < wantedHandOvers) {
            time.run(1_000);
        }
    }

    int misses() {
        return hosts.stream().mapToInt(host -> host.misses).sum();
    }

    private long latency() {
        return time.logUniform(10 * VirtualTime.MICRO, VirtualTime.MILLI);
    }

    private final class Contender {
        private final SimulatedHost host;
        private int acting;
        private @Nullable Lease givenUp;

        Contender(SimulatedHost host) {
            this.host = host;
        }

        void read() {
            time.soon(host, latency(), () -> {
                Lease read = register; // here and now; the reply takes its time
                time.soon(host, latency(), () -> decide(read));
            });
        }

        private void decide(@Nullable Lease lease) {
            try {
                if (lease == null) {
                    swap(null, Lease.first(host.name, LEASE, host));
                    return;
                }
                LeaseState state = lease.state(host.name, ACTING, host);
                if (lease.holder().equals(host.name) && isGivenUp(lease)) {
                    swap(lease, lease.released());
                } else if (state instanceof Held) {
                    act(lease);
                } else if (state instanceof Over) {
                    swap(lease, lease.takenOver(host.name, LEASE, host));
                } else if (state instanceof NotOver && lease.holder().equals(host.name)) {
                    swap(lease, lease.renewed(LEASE, host));
                } else if (state instanceof NotOver && way == Way.WITHOUT_THE_WAIT) {
                    swap(lease, lease.takenOver(host.name, LEASE, new HastyClock(host)));
                } else if (state instanceof NotOver wait) {
                    time.soon(host, Math.min(wait.waitNanos(), 100 * VirtualTime.MILLI), this::read);
                } else if (state instanceof Untrusted) {
                    time.soon(host, 10 * VirtualTime.MILLI, this::read);
                }
            } catch (ClockNotTrustedException | IllegalStateException e) {
                time.soon(host, 10 * VirtualTime.MILLI, this::read);
            }
        }

        /** Asks the register for a change; whether that was accepted shows when it is read again. */
        private void swap(@Nullable Lease expected, Lease next) {
            Runnable request = () -> {
                if (Objects.equals(register, expected)) {
                    count(expected, next);
                    register = next;
                }
            };
            if (!time.isOneIn(20)) {
                time.soon(host, latency(), request);
            }
            time.soon(host, latency(), this::read);
        }

        private void act(Lease lease) {
            acting++;
            boolean isPausable = way == Way.WITHOUT_THE_SECOND_LOOK || time.random.nextBoolean();
            long beforeNanos = time.between(0, ACTING.toNanos() / 2);
            long duringNanos = time.between(0, ACTING.toNanos() / 2);
            if (isPausable) {
                time.soon(host, beforeNanos, () -> {
                    long beganNanos = time.nowNanos();
                    time.soon(
                            host, duringNanos, () -> lookAgain(lease, new Act(host.name, beganNanos, time.nowNanos())));
                });
                return;
            }
            acts.add(new Act(host.name, time.nowNanos() + beforeNanos, time.nowNanos() + beforeNanos + duringNanos));
            time.soon(host, ACTING.toNanos(), () -> goOn(lease));
        }

        private void lookAgain(Lease lease, Act act) {
            time.soon(host, latency(), () -> {
                boolean isHeld = lease.state(host.name, Duration.ZERO, host) instanceof Held;
                if (isHeld || way == Way.WITHOUT_THE_SECOND_LOOK) {
                    acts.add(act);
                } else {
                    actsWithoutCount++;
                }
                goOn(lease);
            });
        }

        private void goOn(Lease lease) {
            acting--;
            switch (time.random.nextInt(12)) {
                case 0 -> time.soon(host, VirtualTime.SECOND, this::read); // as good as dead
                case 1 -> release(lease);
                case 2, 3, 4 -> renew(lease);
                default -> read();
            }
        }

        private void renew(Lease lease) {
            try {
                swap(lease, lease.renewed(LEASE, host));
            } catch (ClockNotTrustedException e) {
                read();
            }
        }

        /** Gives the lease up unless the other thread acts; from then on neither acts under it. */
        private void release(Lease lease) {
            if (acting > 0 || isGivenUp(lease)) {
                read();
                return;
            }
            givenUp = lease;
            swap(lease, lease.released());
        }

        private boolean isGivenUp(Lease lease) {
            if (givenUp == null || lease.endNanos() == 0) {
                return false;
            }
            return lease.token() < givenUp.token()
                    || (lease.token() == givenUp.token() && lease.endNanos() <= givenUp.endNanos());
        }
    }

    private void count(@Nullable Lease expected, Lease next) {
        boolean isTakenOver = expected != null && !expected.holder().equals(next.holder());
        handOvers += isTakenOver ? 1 : 0;
        releases += next.endNanos() == 0 ? 1 : 0;
        renewals += expected != null && expected.token() == next.token() && next.endNanos() != 0 ? 1 : 0;
    }

    /** The clock of a host that takes the upper end of its interval for true time. */
    private record HastyClock(BoundedClock clock) implements BoundedClock {

        @Override
        public BoundedInstant read() {
            BoundedInstant now = clock.read();
            return now.status().isTrusted()
                    ? new BoundedInstant(now.latestNanos() - 1, now.latestNanos(), now.status())
                    : now;
        }

        @Override
        public String description() {
            return clock.description();
        }

        @Override
        public void close() {}
    }
}
