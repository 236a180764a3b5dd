/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.soak;

import io.clockbound.BoundedClock;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.chrony.testing.TestChronyd;
import io.clockbound.it.DaemonProcess;
import io.clockbound.it.Deadline;
import io.clockbound.it.LibraryClient;
import io.clockbound.it.truth.Observer;
import io.clockbound.it.truth.TrackingProbe;
import io.clockbound.it.truth.UdpPath;
import io.clockbound.it.truth.Verdict;
import io.clockbound.transport.ClockBoundClients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A private chronyd whose time is true, one that follows it, a daemon beside that, and a client on each transport; a guest with
 * clocks of its own; a card with a hardware clock; and clocks that are embedded in this process.
 */
final class SoakStage implements AutoCloseable {

    /** More than the frequency changes by. */
    private static final String MAX_CLOCK_ERROR_PPM = "60";

    private static final String CHANGE_PPM = "50";

    private final Path directory;
    private final TestChronyd server;
    private final UdpPath path;
    private final TestChronyd chronyd;
    private final SoakGuest guest;
    private final SoakCard card;
    private final Map<String, Observer> observers = new LinkedHashMap<>();
    private DaemonProcess daemon;
    private boolean isFast;

    SoakStage(Path directory) throws Exception {
        this.directory = directory;
        this.server = TestChronyd.server();
        this.path = new UdpPath(server.ntpPort());
        this.chronyd = TestChronyd.client(path.port(), "maxclockerror " + MAX_CLOCK_ERROR_PPM);
        this.daemon = started();
        this.guest = new SoakGuest(directory, server.ntpPort());
        this.card = new SoakCard(directory);
        Path shm = directory.resolve("shm");
        Deadline.await(() -> "the segments", () -> Files.exists(shm.resolve("shm")));
        observe("shm0, layout 2", ClockBoundClients.sharedMemory(shm.resolve("shm0")));
        observe("shm, layout 1", ClockBoundClients.sharedMemory(shm.resolve("shm")));
        observe("stream", ClockBoundClients.stream(daemon.streamSocket()));
        observe("datagram", ClockBoundClients.datagram(daemon.socket()));
        observe("embedded", SoakCard.embedded(chronyd, List.of(), Integer.parseInt(MAX_CLOCK_ERROR_PPM) * 1_000L));
        observers.put("embedded, by a card", card.observer());
        observe("stream of the guest", ClockBoundClients.stream(guest.socket()));
    }

    private void observe(String name, BoundedClock clock) throws IOException {
        observers.put(
                name, new Observer(new LibraryClient(clock), TrackingProbe.of(server), TrackingProbe.of(chronyd)));
    }

    private DaemonProcess started() throws Exception {
        return DaemonProcess.start(
                        directory.resolve("run"),
                        chronyd.address(),
                        "--transport",
                        "stream,shm",
                        "--shm-dir",
                        directory.resolve("shm").toString(),
                        "-e",
                        MAX_CLOCK_ERROR_PPM)
                .awaitSocket();
    }

    DaemonProcess daemon() {
        return daemon;
    }

    /** Returns the client whose readings are of a known moment. */
    Observer reader() {
        return observers.values().iterator().next();
    }

    /** Waits until all clients have an interval that is synchronised. */
    void awaitSynchronized() throws Exception {
        for (Observer observer : observers.values()) {
            observer.awaitStatus(ClockStatus.SYNCHRONIZED);
        }
    }

    /** Lets something happen, which goes on for a time where it can. */
    void happen(SoakEvent event, Duration time, Random random) throws Exception {
        switch (event) {
            case CHRONYD_KILLED -> {
                chronyd.kill();
                reader().observeFor(time);
                chronyd.restart();
            }
            case CHRONYD_STOPPED -> {
                chronyd.suspend();
                reader().observeFor(time);
                chronyd.resume();
            }
            case PATH_CUT -> {
                path.cut();
                reader().observeFor(time);
                path.mend();
            }
            case PATH_ASYMMETRIC -> {
                path.delay(Duration.ofMillis(10), Duration.ZERO);
                reader().observeFor(time);
                path.delay(Duration.ZERO, Duration.ZERO);
            }
            case FREQUENCY_CHANGED -> {
                changeFrequency();
                reader().observeFor(time);
            }
            case STEP_BY_HAND -> stepByHand();
            case DAEMON_KILLED -> {
                daemon.close();
                daemon = started();
            }
            case DAEMON_ENDED -> {
                daemon.terminate();
                reader().observeFor(time);
                daemon = started();
            }
            case DAEMON_STOPPED -> {
                daemon.signal("STOP");
                reader().observeFor(time);
                daemon.signal("CONT");
            }
            case DAEMON_RELOADED -> daemon.signal("HUP");
            case DISRUPTION_FORCED -> {
                daemon.signal("USR1");
                reader().observeFor(time);
                daemon.signal("USR2");
            }
            case LOG_ROTATED -> daemon.rotateLog();
            case PHC_BOUND_GONE -> {
                card.hideBound();
                reader().observeFor(time);
                card.showBound();
            }
            case GUEST_STEPPED -> {
                guest.step(Duration.ofMillis(random.nextInt(4_000) - 2_000L));
                reader().observeFor(time);
            }
            case GUEST_RESTORED -> {
                guest.suspend();
                reader().observeFor(time);
                guest.step(time.negated());
                guest.resume();
            }
            case GUEST_MOVED -> guest.move(1 + random.nextInt(1_000_000));
        }
    }

    /** A chronyd that may not set the clock says that it failed. */
    private void stepByHand() throws IOException {
        try {
            chronyd.chronyc("makestep");
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("500 Failure")) {
                throw e;
            }
        }
    }

    /** Bends true time, as an oscillator does whose temperature changes. */
    private void changeFrequency() throws IOException {
        LocalClock clock = LocalClock.system();
        long fromNanos = clock.epochNanos();
        server.chronyc("dfreq", (isFast ? "-" : "") + CHANGE_PPM);
        isFast = !isFast;
        observers.values().forEach(observer -> observer.trueTime().addCommand(fromNanos, clock.epochNanos()));
    }

    /** Judges all that was read. */
    List<Verdict> verdicts() {
        return observers.entrySet().stream()
                .map(entry -> Verdict.of(entry.getKey(), entry.getValue()))
                .toList();
    }

    @Override
    public void close() {
        observers.values().forEach(Observer::close);
        guest.close();
        card.close();
        daemon.close();
        chronyd.close();
        path.close();
        server.close();
    }
}
