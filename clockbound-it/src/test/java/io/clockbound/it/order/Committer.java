/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.order;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockNotTrustedException;
import io.clockbound.it.Deadline;
import io.clockbound.order.CommitTimestamps;
import io.clockbound.order.FutureTimestampException;
import io.clockbound.order.HybridTimestamp;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;

/** A client that commits one transaction after the other: each reads the versions of two keys and writes new ones. */
final class Committer implements AutoCloseable {

    static final Duration MAX_WAIT = Duration.ofSeconds(1);

    static final String TABLE = """
        CREATE TABLE IF NOT EXISTS version(key int PRIMARY KEY, stamp bigint NOT NULL) WITH (fillfactor = 50);
        TRUNCATE version;
        INSERT INTO version SELECT key, 0 FROM generate_series(0, %d) AS key
        """.formatted(Committer.KEYS - 1);

    private static final int KEYS = 2_000;

    /** A deadlock, and a lock that a suspended host holds. */
    private static final Set<String> LOCKED = Set.of("40P01", "55P03");

    private final String host;
    private final SharedTime time;
    private final BoundedClock clock;
    private final CommitTimestamps timestamps;
    private final boolean isWaiting;
    private final History.Writer history;
    private final Connection connection;
    private final PreparedStatement lock;
    private final PreparedStatement write;
    private final SplittableRandom random = new SplittableRandom();

    private int refused;

    Committer(
            String host,
            SharedTime time,
            BoundedClock clock,
            CommitTimestamps timestamps,
            boolean isWaiting,
            History.Writer history,
            Connection connection)
            throws SQLException {
        this.host = host;
        this.time = time;
        this.clock = clock;
        this.timestamps = timestamps;
        this.isWaiting = isWaiting;
        this.history = history;
        this.connection = connection;
        connection.createStatement().execute("SET lock_timeout = '100ms'");
        connection.setAutoCommit(false);
        lock = connection.prepareStatement(
                "SELECT key, stamp FROM version WHERE key IN (?, ?) ORDER BY key FOR UPDATE");
        write = connection.prepareStatement("UPDATE version SET stamp = ? WHERE key IN (?, ?)");
    }

    /** Tries one transaction. */
    void commit() throws SQLException, InterruptedException, TimeoutException {
        try {
            tryToCommit();
        } catch (ClockNotTrustedException | FutureTimestampException e) {
            refuse();
        } catch (SQLException e) {
            if (!LOCKED.contains(e.getSQLState())) {
                throw e;
            }
            refuse();
        }
    }

    /** Returns how many were rolled back: without trust, or because another host held their locks for too long. */
    int refused() {
        return refused;
    }

    private void refuse() throws SQLException {
        refused++;
        connection.rollback();
        Deadline.pause();
    }

    private void tryToCommit() throws SQLException, InterruptedException, TimeoutException {
        int one = random.nextInt(KEYS);
        int other = (one + 1 + random.nextInt(KEYS - 1)) % KEYS;
        long beganNanos = time.nanos();
        Map<Integer, Long> versions = lock(one, other);
        for (long version : versions.values()) {
            timestamps.observe(new HybridTimestamp(version));
        }
        long readNanos = time.nanos();
        BoundedInstant now = clock.now();
        long askedNanos = time.nanos();
        HybridTimestamp timestamp = timestamps.next();
        write.setLong(1, timestamp.epochNanos());
        write.setInt(2, one);
        write.setInt(3, other);
        write.executeUpdate();
        long waitNanos = isWaiting ? await(timestamp) : 0;
        connection.commit();
        history.add(new History.Commit(
                host,
                beganNanos,
                readNanos,
                askedNanos,
                waitNanos,
                time.nanos(),
                now.earliestNanos(),
                now.latestNanos(),
                timestamp,
                versions));
    }

    private Map<Integer, Long> lock(int one, int other) throws SQLException {
        lock.setInt(1, one);
        lock.setInt(2, other);
        Map<Integer, Long> versions = new TreeMap<>();
        try (ResultSet rows = lock.executeQuery()) {
            while (rows.next()) {
                versions.put(rows.getInt(1), rows.getLong(2));
            }
        }
        return versions;
    }

    private long await(HybridTimestamp timestamp) throws InterruptedException, TimeoutException {
        long fromNanos = time.nanos();
        timestamps.awaitVisible(timestamp, MAX_WAIT.multipliedBy(10));
        return time.nanos() - fromNanos;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
