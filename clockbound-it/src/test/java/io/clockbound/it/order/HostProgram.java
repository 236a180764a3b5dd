/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.order;

import io.clockbound.BoundedClock;
import io.clockbound.it.Deadline;
import io.clockbound.order.CommitTimestamps;
import io.clockbound.transport.ClockBoundClients;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The service of one host. Its words: the name of the host, by how many seconds its monotonic clock is ahead, by how many ppb it is
 * faster since it showed how many nanoseconds, the segment of its daemon, and the database. The lines of its input: {@code run MODE FILE} begins to write a history, {@code stop} ends that.
 */
final class HostProgram {

    private static final int CLIENTS = 10;

    private final String host;
    private final SharedTime time;
    private final BoundedClock honest;
    private final String database;

    private volatile boolean isStopped;

    private HostProgram(String host, SharedTime time, BoundedClock honest, String database) {
        this.host = host;
        this.time = time;
        this.honest = honest;
        this.database = database;
    }

    /** Serves until its input ends. */
    public static void main(String[] words) throws Exception {
        Path segment = Path.of(words[4]);
        Deadline.await(() -> "the segment " + segment, () -> Files.exists(segment));
        try (BoundedClock clock = ClockBoundClients.sharedMemory(segment)) {
            clock.waitUntilTrusted(Duration.ofMinutes(1));
            SharedTime time = new SharedTime(
                    Duration.ofSeconds(Long.parseLong(words[1])).toNanos(),
                    Long.parseLong(words[2]),
                    Long.parseLong(words[3]));
            HostProgram program = new HostProgram(words[0], time, clock, words[5]);
            BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            System.out.println("ready");
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                String[] run = line.split(" ", 3);
                program.run(Mode.valueOf(run[1]), Path.of(run[2]), input);
            }
        }
    }

    /** Runs until the next line; answers with how many transactions were rolled back. */
    private void run(Mode mode, Path file, BufferedReader input) throws Exception {
        isStopped = false;
        BoundedClock clock = mode.of(honest);
        CommitTimestamps timestamps = new CommitTimestamps(clock, Committer.MAX_WAIT);
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Future<Integer>> running = new ArrayList<>();
        int refused = 0;
        try (History.Writer history = new History.Writer(file)) {
            for (int i = 0; i < CLIENTS; i++) {
                running.add(threads.submit(commits(clock, timestamps, mode, history)));
            }
            for (int i = 0; i < Worker.PER_HOST; i++) {
                running.add(threads.submit(leases(clock, mode, history, i)));
            }
            System.out.println("running");
            input.readLine();
            isStopped = true;
            for (Future<Integer> thread : running) {
                refused += thread.get();
            }
        } finally {
            threads.shutdownNow();
        }
        System.out.println("stopped " + refused);
    }

    private Callable<Integer> commits(
            BoundedClock clock, CommitTimestamps timestamps, Mode mode, History.Writer history) {
        return () -> {
            try (Committer committer = new Committer(host, time, clock, timestamps, mode.waits(), history, connect())) {
                while (!isStopped) {
                    committer.commit();
                }
                return committer.refused();
            }
        };
    }

    private Callable<Integer> leases(BoundedClock clock, Mode mode, History.Writer history, int number) {
        return () -> {
            try (Worker worker = new Worker(host, time, clock, mode.waits(), history, number, connect())) {
                while (!isStopped) {
                    worker.round();
                }
                return 0;
            }
        };
    }

    /** Connects; PostgreSQL may not take a connection at once on a machine that is busy. */
    private Connection connect() throws SQLException {
        Deadline deadline = Deadline.in(Duration.ofMinutes(2));
        while (true) {
            try {
                return DriverManager.getConnection(database);
            } catch (SQLException e) {
                if (deadline.isOver()) {
                    throw e;
                }
                Deadline.pause();
            }
        }
    }
}
