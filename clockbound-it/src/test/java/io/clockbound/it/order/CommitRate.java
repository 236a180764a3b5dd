/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.order;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.order.CommitTimestamps;
import io.clockbound.order.HybridTimestamp;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** How many transactions a second a PostgreSQL commits for 32 clients, by itself and when they wait for a clock of ±1 ms. */
final class CommitRate {

    private static final int CLIENTS = 32;
    private static final int KEYS = 10_000;
    private static final long BOUND_NANOS = 1_000_000;

    /** How many transactions of a client share a wait; 0: none waits, and none has a timestamp. */
    private static final List<Integer> BATCHES = List.of(0, 1, 10, 100);

    private CommitRate() {}

    /**
     * The rates of one kind of client.
     *
     * @param batch how many transactions share a wait; 0: none waits
     * @param perSecond one for each round
     * @param shares of PostgreSQL's own rate in the same round
     */
    record Rate(int batch, List<Double> perSecond, List<Double> shares) {}

    /** Measures each kind of client in every round, one after the other. */
    static List<Rate> measure(Duration turn, int rounds) throws Exception {
        List<Rate> rates = BATCHES.stream()
                .map(batch -> new Rate(batch, new ArrayList<>(), new ArrayList<>()))
                .toList();
        try (Postgres postgres = Postgres.start()) {
            postgres.execute("CREATE TABLE version(key int PRIMARY KEY, stamp bigint NOT NULL) WITH (fillfactor = 50);"
                    + " INSERT INTO version SELECT key, 0 FROM generate_series(0, " + (KEYS - 1) + ") AS key");
            perSecond(postgres, 1, turn); // until the code is compiled
            for (int i = 0; i < rounds; i++) {
                double own = 1;
                for (Rate rate : rates) {
                    double perSecond = perSecond(postgres, rate.batch(), turn);
                    own = rate.batch() == 0 ? perSecond : own;
                    rate.perSecond().add(perSecond);
                    rate.shares().add(perSecond / own);
                }
            }
        }
        return rates;
    }

    /** Returns the table, with medians, minima and maxima of the shares. */
    static String table(List<Rate> rates) {
        StringBuilder table = new StringBuilder("""
            | 32 clients, ±1 ms | transactions/s | share of PostgreSQL's own rate: median (minimum to maximum) |
            |---|---|---|
            """);
        for (Rate rate : rates) {
            List<Double> shares = rate.shares().stream().sorted().toList();
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %.0f | %.2f (%.2f to %.2f) |%n",
                    switch (rate.batch()) {
                        case 0 -> "no timestamps, no wait";
                        case 1 -> "a wait for each transaction";
                        default -> "a wait for " + rate.batch() + " transactions";
                    },
                    median(rate.perSecond()),
                    median(shares),
                    shares.get(0),
                    shares.get(shares.size() - 1)));
        }
        return table.toString();
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static double perSecond(Postgres postgres, int batch, Duration turn) throws Exception {
        LocalClock local = LocalClock.system();
        CommitTimestamps timestamps = new CommitTimestamps(new MillisecondClock(), Committer.MAX_WAIT);
        AtomicLong commits = new AtomicLong();
        long beganNanos = local.monotonicNanos();
        Callable<Void> client = () -> {
            try (Connection connection = DriverManager.getConnection(postgres.url())) {
                connection.setAutoCommit(false);
                Client transactions = new Client(connection);
                while (local.monotonicNanos() - beganNanos < turn.toNanos()) {
                    commits.addAndGet(
                            batch == 0 ? transactions.commit() : transactions.commitInBatch(timestamps, batch));
                }
            }
            return null;
        };
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try {
            for (Future<Void> done : threads.invokeAll(Collections.nCopies(CLIENTS, client))) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
        }
        return commits.get() * 1e9 / (local.monotonicNanos() - beganNanos);
    }

    /** A session whose transactions read and write one key. */
    private static final class Client {

        private final Connection connection;
        private final PreparedStatement lock;
        private final PreparedStatement write;

        Client(Connection connection) throws SQLException {
            this.connection = connection;
            lock = connection.prepareStatement("SELECT stamp FROM version WHERE key = ? FOR UPDATE");
            write = connection.prepareStatement("UPDATE version SET stamp = ? WHERE key = ?");
        }

        int commit() throws SQLException {
            int key = key();
            commit(key, lock(key) + 1);
            return 1;
        }

        /** Clients are told of all at once, after the wait for the last; others who read one of them wait for it, too. */
        int commitInBatch(CommitTimestamps timestamps, int size)
                throws SQLException, InterruptedException, TimeoutException {
            HybridTimestamp last = null;
            for (int i = 0; i < size; i++) {
                int key = key();
                timestamps.observe(new HybridTimestamp(lock(key)));
                last = timestamps.next();
                commit(key, last.epochNanos());
            }
            if (last != null) {
                timestamps.awaitVisible(last, Committer.MAX_WAIT);
            }
            return size;
        }

        private static int key() {
            return ThreadLocalRandom.current().nextInt(KEYS);
        }

        private long lock(int key) throws SQLException {
            lock.setInt(1, key);
            try (ResultSet rows = lock.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }

        private void commit(int key, long stamp) throws SQLException {
            write.setLong(1, stamp);
            write.setInt(2, key);
            write.executeUpdate();
            connection.commit();
        }
    }

    /** This machine's wall clock, as if it were known to be right within a millisecond. */
    private record MillisecondClock() implements BoundedClock {

        @Override
        public BoundedInstant read() {
            long wallNanos = local().epochNanos();
            return new BoundedInstant(wallNanos - BOUND_NANOS, wallNanos + BOUND_NANOS, ClockStatus.SYNCHRONIZED);
        }

        @Override
        public String description() {
            return "this machine, ±" + BOUND_NANOS + " ns";
        }

        @Override
        public void close() {}
    }
}
