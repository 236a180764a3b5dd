/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.order;

import io.clockbound.ClockNotTrustedException;
import io.clockbound.testing.RealOrder.Commit;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;

/**
 * Transactions of several hosts on one store with locks, drawn from one seed. Some are made in batches that share a wait, some ask another
 * host to prepare.
 */
final class CommitSimulation {

    /** What is done between the durable write and the reply. */
    enum Wait {
        FULL,
        NONE
    }

    private static final int HOSTS = 5;
    private static final int SESSIONS = 4;
    private static final int KEYS = 40;
    private static final Duration MAX_WAIT = Duration.ofSeconds(1);

    private final VirtualTime time;
    private final Wait wait;
    private final List<Key> keys = new ArrayList<>();
    private final Map<SimulatedHost, CommitTimestamps> timestamps = new HashMap<>();
    private final List<SimulatedHost> hosts;

    final List<Commit> commits = new ArrayList<>();
    final List<String> disorders = new ArrayList<>();
    int refusedForTrust;
    int refusedAsFuture;
    int prepares;

    CommitSimulation(long seed, Wait wait, double lie) {
        this.time = new VirtualTime(seed);
        this.wait = wait;
        this.hosts = time.hosts(HOSTS, lie);
        for (int i = 0; i < KEYS; i++) {
            keys.add(new Key());
        }
        for (SimulatedHost host : hosts) {
            timestamps.put(host, new CommitTimestamps(host, MAX_WAIT));
            for (int i = 0; i < SESSIONS; i++) {
                time.soon(host, latency(), new Transaction(host)::begin);
            }
        }
    }

    void run(int transactions) {
        while (commits.size() < transactions) {
            time.run(1_000);
        }
    }

    int misses() {
        return hosts.stream().mapToInt(host -> host.misses).sum();
    }

    int losses() {
        return hosts.stream().mapToInt(host -> host.losses).sum();
    }

    private CommitTimestamps of(SimulatedHost host) {
        return Objects.requireNonNull(timestamps.get(host));
    }

    private long latency() {
        return time.logUniform(VirtualTime.MICRO, VirtualTime.MILLI);
    }

    /** A place in the store, with its newest version and those that wait for its lock. */
    private static final class Key {
        private final Queue<Runnable> waiting = new ArrayDeque<>();
        private boolean isLocked;
        private HybridTimestamp version = new HybridTimestamp(0);
    }

    /** One session of a host, a transaction after the other. */
    private final class Transaction {
        private final SimulatedHost host;
        private final List<Key> locked = new ArrayList<>();
        private final List<Commit> batch = new ArrayList<>();
        private HybridTimestamp prepared = new HybridTimestamp(0);
        private int left;

        Transaction(SimulatedHost host) {
            this.host = host;
        }

        void begin() {
            left = 1 + time.random.nextInt(3);
            lockFrom(time.random.nextInt(KEYS / 4));
        }

        /** Locks in the order of the keys, so that no two transactions wait for each other. */
        private void lockFrom(int first) {
            if (left-- == 0) {
                time.soon(host, latency(), time.isOneIn(5) ? this::prepareElsewhere : this::commit);
                return;
            }
            int index = first + time.random.nextInt(KEYS / 4);
            Key key = keys.get(index);
            Runnable go = () -> {
                key.isLocked = true;
                locked.add(key);
                if (isDone(() -> of(host).observe(key.version))) {
                    time.soon(host, latency(), () -> lockFrom(index + 1));
                }
            };
            if (key.isLocked) {
                key.waiting.add(() -> time.soon(host, latency(), go));
                return;
            }
            go.run();
        }

        /** Has another host vote with a timestamp of its own, which nobody has waited for. */
        private void prepareElsewhere() {
            SimulatedHost other = hosts.get(time.random.nextInt(HOSTS));
            time.soon(other, latency(), () -> {
                try {
                    HybridTimestamp vote = of(other).next();
                    time.soon(host, latency(), () -> {
                        if (isDone(() -> of(host).observe(vote))) {
                            prepared = vote;
                            prepares++;
                            commit();
                        }
                    });
                } catch (ClockNotTrustedException e) {
                    time.soon(host, latency(), this::abort);
                }
            });
        }

        private void commit() {
            int size = time.isOneIn(4) ? 4 : 1;
            if (isDone(() -> {
                for (int i = 0; i < size; i++) {
                    HybridTimestamp timestamp = of(host).next();
                    batch.add(new Commit(host.name, time.nowNanos(), 0, timestamp));
                }
            })) {
                time.soon(host, latency(), this::write);
            }
        }

        private void write() {
            HybridTimestamp last = batch.get(batch.size() - 1).timestamp();
            requireBelow(prepared);
            for (Key key : locked) {
                requireBelow(key.version);
                key.version = last;
            }
            time.soon(host, latency(), this::awaitVisible);
        }

        private void requireBelow(HybridTimestamp observed) {
            if (!observed.isBefore(batch.get(0).timestamp())) {
                disorders.add(batch.get(0) + " on top of " + observed);
            }
        }

        private void awaitVisible() {
            if (wait == Wait.FULL
                    && !of(host).isVisible(batch.get(batch.size() - 1).timestamp())) {
                time.soon(host, time.logUniform(20 * VirtualTime.MICRO, 20 * VirtualTime.MILLI), this::awaitVisible);
                return;
            }
            for (Commit commit : batch) {
                commits.add(new Commit(host.name, commit.beganNanos(), time.nowNanos(), commit.timestamp()));
            }
            batch.clear();
            time.soon(host, latency(), this::release);
        }

        /** Does something that the clock can refuse, after which the transaction is over. */
        private boolean isDone(Runnable work) {
            try {
                work.run();
                return true;
            } catch (ClockNotTrustedException e) {
                refusedForTrust++;
            } catch (FutureTimestampException e) {
                refusedAsFuture++;
            }
            abort();
            return false;
        }

        private void abort() {
            batch.clear();
            release();
        }

        private void release() {
            for (Key key : locked) {
                Runnable next = key.waiting.poll();
                if (next == null) {
                    key.isLocked = false;
                } else {
                    next.run();
                }
            }
            locked.clear();
            time.soon(host, latency(), this::begin);
        }
    }
}
