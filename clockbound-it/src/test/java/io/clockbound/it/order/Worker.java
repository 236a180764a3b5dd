/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.order;

import io.clockbound.BoundedClock;
import io.clockbound.ClockNotTrustedException;
import io.clockbound.order.Lease;
import io.clockbound.order.LeaseState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/** A host that does jobs which only one host at a time may do: it acts under a lease for each, renews it, gives it up, or takes it over. */
final class Worker implements AutoCloseable {

    static final String TABLE = """
        CREATE TABLE IF NOT EXISTS lease(job int PRIMARY KEY, holder text NOT NULL, token bigint NOT NULL, ends bigint NOT NULL)
            WITH (fillfactor = 50);
        TRUNCATE lease;
        INSERT INTO lease SELECT job, 'nobody', 1, 0 FROM generate_series(1, 9) AS job
        """;

    /** They share the jobs of a host. */
    static final int PER_HOST = 3;

    private static final long SHORTEST_LEASE_NANOS = 10_000_000;
    private static final long LONGEST_LEASE_NANOS = 80_000_000;
    private static final long ACT_NANOS = 1_000_000;

    /** What acting is believed to take; a second look finds the acts that took longer. */
    private static final Duration ACTING = Duration.ofMillis(3);

    private final String host;
    private final SharedTime time;
    private final BoundedClock clock;
    private final boolean isWaiting;
    private final History.Writer history;
    private final Connection connection;
    private final PreparedStatement read;
    private final PreparedStatement swap;
    private final SplittableRandom random = new SplittableRandom();

    /** The leases that this host was granted, by job. A holder does not ask again whether it is one: the lease says how long. */
    private final Map<Integer, Lease> granted = new HashMap<>();

    Worker(
            String host,
            SharedTime time,
            BoundedClock clock,
            boolean isWaiting,
            History.Writer history,
            int number,
            Connection connection)
            throws SQLException {
        this.host = host;
        this.time = time;
        this.clock = clock;
        this.isWaiting = isWaiting;
        this.history = history;
        this.connection = connection;
        read = connection.prepareStatement("SELECT job, holder, token, ends FROM lease WHERE job % ? = ?");
        read.setInt(1, PER_HOST);
        read.setInt(2, number);
        swap = connection.prepareStatement("UPDATE lease SET holder = ?, token = ?, ends = ?"
                + " WHERE job = ? AND holder = ? AND token = ? AND ends = ?");
    }

    /** Looks at every job once. */
    void round() throws SQLException {
        Map<Integer, Lease> leases = new TreeMap<>();
        try (ResultSet rows = read.executeQuery()) {
            while (rows.next()) {
                leases.put(rows.getInt(1), new Lease(rows.getString(2), rows.getLong(3), rows.getLong(4)));
            }
        }
        for (Map.Entry<Integer, Lease> job : leases.entrySet()) {
            try {
                step(job.getKey(), granted.getOrDefault(job.getKey(), job.getValue()));
            } catch (ClockNotTrustedException | IllegalStateException e) {
                // after the look trust was lost, or the interval became so wide that the lease may not be over: the
                // next look tells
            }
        }
    }

    private void step(int job, Lease lease) throws SQLException {
        boolean isMine = lease.holder().equals(host);
        LeaseState state = lease.state(host, ACTING, clock);
        if (state instanceof LeaseState.Held) {
            act(job, lease);
            if (random.nextInt(8) == 0) {
                swap(job, lease, lease.released());
            }
        } else if (state instanceof LeaseState.Over) {
            takeOver(job, lease, lease.takenOver(host, duration(), clock));
        } else if (state instanceof LeaseState.NotOver && isMine && random.nextBoolean()) {
            Lease renewed = lease.renewed(duration(), clock);
            if (swap(job, lease, renewed)) {
                act(job, renewed);
            }
        } else if (!isWaiting && !isMine && clock.latestNanos() > lease.endNanos()) {
            long endNanos = clock.latestNanos() + duration().toNanos();
            takeOver(job, lease, new Lease(host, lease.token() + 1, endNanos));
        }
    }

    /** Acts if it may, and tells of it if it still might when the act was over. */
    private void act(int job, Lease lease) {
        if (!(lease.state(host, ACTING, clock) instanceof LeaseState.Held)) {
            return;
        }
        long beganNanos = time.nanos();
        LockSupport.parkNanos(ACT_NANOS);
        long endedNanos = time.nanos();
        if (lease.state(host, Duration.ZERO, clock) instanceof LeaseState.Held) {
            history.add(new History.Act(host, job, lease.token(), beganNanos, endedNanos));
        }
    }

    private void takeOver(int job, Lease lease, Lease next) throws SQLException {
        if (swap(job, lease, next)) {
            if (!lease.holder().equals(host)) {
                history.add(new History.HandOver(host, job, next.token()));
            }
            act(job, next);
        }
    }

    private boolean swap(int job, Lease lease, Lease next) throws SQLException {
        swap.setString(1, next.holder());
        swap.setLong(2, next.token());
        swap.setLong(3, next.endNanos());
        swap.setInt(4, job);
        swap.setString(5, lease.holder());
        swap.setLong(6, lease.token());
        swap.setLong(7, lease.endNanos());
        boolean isGranted = swap.executeUpdate() == 1;
        if (isGranted) {
            granted.put(job, next);
        } else {
            granted.remove(job);
        }
        return isGranted;
    }

    private Duration duration() {
        return Duration.ofNanos(random.nextLong(SHORTEST_LEASE_NANOS, LONGEST_LEASE_NANOS));
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
