/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.truth;

import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.chrony.testing.TestChronyd;
import io.clockbound.it.DaemonProcess;
import io.clockbound.it.DatagramClient;
import io.clockbound.it.Deadline;
import io.clockbound.it.IntervalReader;
import io.clockbound.it.Report;
import io.clockbound.it.SegmentClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What a scenario can move while it is observed.
 *
 * @param directory for the scenario's own files
 * @param server the chronyd whose time is true
 * @param chronyd the one that follows it and that the daemon asks
 * @param paths between the two, where the scenario has any
 */
public record Stage(
        Path directory,
        TestChronyd server,
        TestChronyd chronyd,
        List<UdpPath> paths,
        DaemonProcess daemon,
        Observer observer) {

    /** Where the report of tracking that is for programs has the time of the last update. */
    private static final int REFERENCE_TIME = 3;

    /** Where it has the time between the last two updates, 0 when there was one at most. */
    private static final int UPDATE_INTERVAL = 12;

    /** What happens on it. */
    public interface Script {
        void play(Stage stage) throws Exception;
    }

    /** Opens a client of a daemon. */
    public interface Opening {
        IntervalReader open(Path directory, DaemonProcess daemon) throws Exception;
    }

    /** A client of the shared memory, which the daemon has to have in {@code shm} of the directory. */
    static final Opening MEMORY = (directory, daemon) -> SegmentClient.of(directory.resolve("shm/shm0"));

    /** A client of the datagram socket. */
    public static final Opening SOCKET =
            (directory, daemon) -> new DatagramClient(directory.resolve("client"), daemon.socket());

    /**
     * Starts a daemon, observes it through a client while a script is played, and reports what came of it.
     *
     * @param daemonOptions beside those that say where everything is
     */
    public static Verdict play(
            String name,
            Report report,
            Path directory,
            List<TestChronyd> serverAndChronyd,
            List<UdpPath> paths,
            List<String> daemonOptions,
            Opening client,
            Script script)
            throws Exception {
        TestChronyd server = serverAndChronyd.get(0);
        TestChronyd chronyd = serverAndChronyd.get(1);
        List<String> options = new ArrayList<>(List.of(
                "--transport", "shm", "--shm-dir", directory.resolve("shm").toString(), "--level", "1"));
        options.addAll(daemonOptions);
        Path run = directory.resolve("run");
        try (DaemonProcess daemon = DaemonProcess.start(run, chronyd.address(), options.toArray(String[]::new))
                        .awaitSocket();
                IntervalReader reader = client.open(directory, daemon);
                TrackingProbe serverProbe = TrackingProbe.of(server);
                TrackingProbe chronydProbe = TrackingProbe.of(chronyd);
                Observer observer = new Observer(reader, serverProbe, chronydProbe)) {
            try {
                script.play(new Stage(directory, server, chronyd, paths, daemon, observer));
            } finally {
                Verdict.of(name, observer).report(report);
                // every poll is in it: what one needs to understand a miss
                Files.writeString(Path.of("target", name.replaceAll("[ ,]+", "-") + ".log"), daemon.log());
            }
            return Verdict.of(name, observer);
        }
    }

    /** Returns the only path, or the first. */
    public UdpPath path() {
        return paths.get(0);
    }

    /** Bends true time with a command of chronyc. */
    public void command(String... words) throws IOException {
        LocalClock clock = LocalClock.system();
        long fromNanos = clock.epochNanos();
        server.chronyc(words);
        observer.trueTime().addCommand(fromNanos, clock.epochNanos());
    }

    public void await(ClockStatus status) throws Exception {
        observer.awaitStatus(status);
    }

    /** Waits until chronyd has updated its clock more than once. */
    public void awaitUpdates() throws Exception {
        awaitTracking("two updates of chronyd", tracking -> Double.parseDouble(tracking.get(UPDATE_INTERVAL)) > 0);
    }

    /** Waits until chronyd has updated its clock anew. */
    public void awaitUpdate() throws Exception {
        String before = tracking().get(REFERENCE_TIME);
        awaitTracking(
                "an update of chronyd",
                tracking -> !tracking.get(REFERENCE_TIME).equals(before));
    }

    /** Waits until chronyd follows the source of this name. */
    public void awaitSelected(String source) throws Exception {
        awaitSources(1, "\\*," + source);
    }

    /** Waits until {@code count} sources are in a state, a regular expression for what chronyc shows. */
    public void awaitSources(int count, String state) throws Exception {
        Pattern line = Pattern.compile(".," + state + ",.*");
        Deadline.await(
                () -> count + " sources like " + state,
                () -> chronyd.chronyc("-c", "sources")
                                .lines()
                                .filter(line.asMatchPredicate())
                                .count()
                        == count);
    }

    /** Lets time pass, and fails when a reading is trusted until then. */
    public void requireNoTrust(int seconds) throws Exception {
        go(seconds);
        if (!observer.statuses().isEmpty()) {
            throw new AssertionError("trusted: " + daemon.status());
        }
    }

    public void go(int seconds) throws Exception {
        observer.observeFor(Duration.ofSeconds(seconds));
    }

    private void awaitTracking(String what, Predicate<List<String>> condition) throws Exception {
        Deadline.await(() -> what, () -> condition.test(tracking()));
    }

    private List<String> tracking() throws IOException {
        return List.of(chronyd.chronyc("-c", "tracking").trim().split(",", -1));
    }
}
