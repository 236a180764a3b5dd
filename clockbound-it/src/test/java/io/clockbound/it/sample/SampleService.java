/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.sample;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.clockbound.BoundSettings;
import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockNotTrustedException;
import io.clockbound.order.CommitTimestamps;
import io.clockbound.order.HybridTimestamp;
import io.clockbound.order.Lease;
import io.clockbound.order.LeaseState;
import io.clockbound.spi.Services;
import io.clockbound.spi.TimeSource;
import io.clockbound.transport.ClockBoundClients;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;

/**
 * Notes in a PostgreSQL, served from any number of hosts. {@code PUT /notes/KEY} answers once the note's timestamp has certainly passed:
 * whoever knows of one note and writes another gets a greater timestamp, on any host. One host at a time counts the notes.
 */
public final class SampleService {
    private static final System.Logger LOG = System.getLogger("sample");
    private static final Duration MAX_WAIT = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration LEASE = Duration.ofSeconds(2);
    private static final Duration ACTING = Duration.ofMillis(500);
    private static final int MAX_NOTE_BYTES = 65_536;

    private final String host;
    private final String database;
    private final BoundedClock clock;
    private final CommitTimestamps timestamps; // one for the whole process
    private final LongAdder commits = new LongAdder();
    private final LongAdder counts = new LongAdder();

    private record Answer(int code, String text) {}

    private SampleService(String host, String database, BoundedClock clock) {
        this.host = host;
        this.database = database;
        this.clock = clock;
        this.timestamps = new CommitTimestamps(clock, MAX_WAIT);
    }

    /** Its name, unlike any other's; its port; the database's URL; chronyd's address; the daemon's two directories. */
    public static void main(String[] words) throws IOException, InterruptedException {
        BoundedClock clock = clock(words[3], Path.of(words[4]), Path.of(words[5]));
        SampleService service = new SampleService(words[0], words[2], clock);
        HttpServer http = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(words[1])), 0);
        http.setExecutor(threads());
        http.createContext("/", service::answer);
        http.start();
        var unused = Executors.newSingleThreadScheduledExecutor()
                .scheduleWithFixedDelay(service::tick, 0, 100, TimeUnit.MILLISECONDS);
    }

    /** Asks chronyd itself; where that gives no trusted time, and there is a daemon, asks the daemon. */
    private static BoundedClock clock(String address, Path run, Path shm) throws InterruptedException {
        TimeSource chronyd = Services.named(TimeSource.class, "chrony").with(Map.of("address", address));
        BoundedClock embedded = BoundedClock.embedded(chronyd, BoundSettings.DEFAULTS, poll -> {});
        try {
            embedded.waitUntilTrusted(PATIENCE);
        } catch (TimeoutException notTrusted) {
            try {
                BoundedClock daemon = ClockBoundClients.connect(run, shm);
                embedded.close();
                return daemon;
            } catch (IOException noDaemon) {
                LOG.log(System.Logger.Level.WARNING, noDaemon.getMessage());
            }
        }
        return embedded; // trusted, or it goes on asking
    }

    private Answer note(HttpExchange exchange) throws Exception {
        String key = exchange.getRequestURI().getPath();
        byte[] text = exchange.getRequestBody().readNBytes(MAX_NOTE_BYTES + 1);
        if (!key.startsWith("/notes/") || text.length > MAX_NOTE_BYTES) {
            return new Answer(400, "a note is at /notes/KEY and has " + MAX_NOTE_BYTES + " bytes at most");
        }
        try (Connection connection = DriverManager.getConnection(database)) { // to close it is to roll back
            return switch (exchange.getRequestMethod()) {
                case "GET" -> read(connection, key); // all that is committed has passed: no wait
                case "PUT" -> write(connection, key, new String(text, StandardCharsets.UTF_8));
                default -> new Answer(405, "notes are read by GET and written by PUT");
            };
        }
    }

    private static Answer read(Connection connection, String key) throws SQLException {
        String select = "SELECT text FROM note WHERE key = ?";
        ResultSet row = sql(connection, select, key).executeQuery();
        return row.next() ? new Answer(200, row.getString(1)) : new Answer(404, "no note at " + key);
    }

    private Answer write(Connection connection, String key, String text) throws Exception {
        connection.setAutoCommit(false);
        String lock = "INSERT INTO note VALUES (?, '', 0) ON CONFLICT (key) DO UPDATE SET text = '' RETURNING stamp";
        ResultSet row = sql(connection, lock, key).executeQuery(); // others who write this note wait for us
        row.next();
        timestamps.observe(new HybridTimestamp(row.getLong(1)));
        HybridTimestamp timestamp = timestamps.next();
        String update = "UPDATE note SET text = ?, stamp = ? WHERE key = ?";
        sql(connection, update, text, timestamp.epochNanos(), key).executeUpdate();
        timestamps.awaitVisible(timestamp, PATIENCE); // the commit wait; without trust nothing is committed
        connection.commit();
        commits.increment();
        return new Answer(200, timestamp.toString());
    }

    private void tick() {
        try (Connection connection = DriverManager.getConnection(database)) {
            String read = "SELECT holder, token, ends FROM lease WHERE job = 'count'";
            ResultSet row = sql(connection, read).executeQuery();
            row.next();
            Lease lease = new Lease(row.getString(1), row.getLong(2), row.getLong(3));
            LeaseState state = lease.state(host, ACTING, clock);
            if (state instanceof LeaseState.Held) {
                // the token keeps out a host that was paused after this look
                String count = "UPDATE total SET notes = (SELECT count(*) FROM note), token = ? WHERE token <= ?";
                counts.add(sql(connection, count, lease.token(), lease.token()).executeUpdate());
                swap(connection, lease, lease.renewed(LEASE, clock));
            } else if (state instanceof LeaseState.Over) {
                swap(connection, lease, lease.takenOver(host, LEASE, clock));
            }
        } catch (SQLException | RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "the job waits: " + e.getMessage());
        }
    }

    private static void swap(Connection connection, Lease from, Lease to) throws SQLException {
        String swap = "UPDATE lease SET holder = ?, token = ?, ends = ? WHERE holder = ? AND token = ? AND ends = ?";
        Object[] values = {to.holder(), to.token(), to.endNanos(), from.holder(), from.token(), from.endNanos()};
        sql(connection, swap, values).executeUpdate();
    }

    private String metrics() {
        BoundedInstant now = clock.read();
        return (now.status().isTrusted() ? "sample_error_bound_seconds " + now.halfWidthNanos() / 1e9 + "\n" : "")
                + "sample_commits_total " + commits + "\nsample_counts_total " + counts + "\n# " + clock.description();
    }

    private void answer(HttpExchange exchange) throws IOException {
        Answer answer;
        try {
            answer = switch (exchange.getRequestURI().getPath()) {
                case "/healthz" -> new Answer(200, "alive");
                case "/readyz" -> new Answer(200, clock.now().toString()); // throws without trust
                case "/metrics" -> new Answer(200, metrics());
                default -> note(exchange);
            };
        } catch (ClockNotTrustedException | TimeoutException e) {
            answer = new Answer(503, "" + e.getMessage());
        } catch (Exception e) {
            LOG.log(System.Logger.Level.ERROR, "" + exchange.getRequestURI(), e);
            answer = new Answer(500, "see the log");
        }
        byte[] bytes = (answer.text + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.code, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static PreparedStatement sql(Connection connection, String text, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(text);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    /** A virtual thread for each request where the runtime has them: then a commit wait holds up no thread of the machine. */
    private static ExecutorService threads() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (ReflectiveOperationException olderRuntime) {
            return Executors.newCachedThreadPool();
        }
    }
}
