/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.truth;

import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.daemon.demo.PrivateChronyd;
import io.clockbound.it.DaemonProcess;
import io.clockbound.it.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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
record Stage(
        Path directory,
        PrivateChronyd server,
        PrivateChronyd chronyd,
        List<UdpPath> paths,
        DaemonProcess daemon,
        Observer observer) {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** The machine may be so busy that the measurements of sources are poor for a while. */
    private static final Duration SETTLING = Duration.ofMinutes(2);

    /** Where the report of tracking that is for programs has the time of the last update. */
    private static final int REFERENCE_TIME = 3;

    /** Where it has the time between the last two updates, 0 when there was one at most. */
    private static final int UPDATE_INTERVAL = 12;

    /** Returns the only path, or the first. */
    UdpPath path() {
        return paths.get(0);
    }

    /** Bends true time with a command of chronyc. */
    void command(String... words) throws IOException {
        LocalClock clock = LocalClock.system();
        long fromNanos = clock.epochNanos();
        server.chronyc(words);
        observer.trueTime().addCommand(fromNanos, clock.epochNanos());
    }

    void await(ClockStatus status, int patienceSeconds) throws Exception {
        observer.awaitStatus(status, Duration.ofSeconds(patienceSeconds));
    }

    void awaitSynchronized() throws Exception {
        observer.awaitStatus(ClockStatus.SYNCHRONIZED, PATIENCE);
    }

    /** Waits until chronyd has updated its clock more than once. */
    void awaitUpdates() throws Exception {
        awaitTracking("two updates of chronyd", tracking -> Double.parseDouble(tracking.get(UPDATE_INTERVAL)) > 0);
    }

    /** Waits until chronyd has updated its clock anew. */
    void awaitUpdate() throws Exception {
        String before = tracking().get(REFERENCE_TIME);
        awaitTracking(
                "an update of chronyd",
                tracking -> !tracking.get(REFERENCE_TIME).equals(before));
    }

    /** Waits until chronyd follows the source of this name. */
    void awaitSelected(String source) throws Exception {
        awaitSources(1, "\\*," + source);
    }

    /** Waits until the state of so many sources is this, a regular expression for what chronyc shows. */
    void awaitSources(int count, String state) throws Exception {
        Pattern line = Pattern.compile(".," + state + ",.*");
        Deadline.in(SETTLING)
                .await(
                        () -> count + " sources like " + state,
                        () -> chronyd.chronyc("-c", "sources")
                                        .lines()
                                        .filter(line.asMatchPredicate())
                                        .count()
                                == count);
    }

    /** Lets time pass, and fails when a reading is trusted until then. */
    void requireNoTrust(int seconds) throws Exception {
        go(seconds);
        if (!observer.statuses().isEmpty()) {
            throw new AssertionError("trusted: " + daemon.status());
        }
    }

    void go(int seconds) throws Exception {
        observer.observeFor(Duration.ofSeconds(seconds));
    }

    private void awaitTracking(String what, Predicate<List<String>> condition) throws Exception {
        Deadline.in(PATIENCE).await(() -> what, () -> condition.test(tracking()));
    }

    private List<String> tracking() throws IOException {
        return List.of(chronyd.chronyc("-c", "tracking").trim().split(",", -1));
    }
}
