/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.order;

import io.clockbound.LocalClock;
import io.clockbound.chrony.testing.ProcessLauncher;
import io.clockbound.chrony.testing.TestChronyd;
import io.clockbound.it.DaemonProcess;
import io.clockbound.it.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A host with a network, clocks, a chronyd, a daemon and a service of its own. */
final class Host implements AutoCloseable {

    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final TestChronyd chronyd;
    private final DaemonProcess daemon;
    private final LineProgram program;
    private final Place place;

    /**
     * What tells a host from the others.
     *
     * @param number the last digit of its address
     * @param ahead how far its wall clock is ahead of the machine's
     * @param monotonicSeconds how far its monotonic clock is
     * @param ratePpb by how much its clocks run faster than the machine's
     * @param ntpPort the port where it finds the server
     */
    record Place(String name, int number, Duration ahead, long monotonicSeconds, long ratePpb, int ntpPort) {

        String address() {
            return Namespace.address(number);
        }
    }

    private Host(Place place, Namespace hub, Path shift, Path directory, String database) throws Exception {
        this.place = place;
        try {
            Namespace namespace = started(Namespace.host(hub, place.number(), place.monotonicSeconds()));
            long rateFromNanos = LocalClock.system().monotonicNanos()
                    + Duration.ofSeconds(place.monotonicSeconds()).toNanos();
            List<String> prefix = namespace.enter(
                    "env",
                    "LD_PRELOAD=" + shift,
                    "CLOCKBOUND_SHIFT_NANOS=" + place.ahead().toNanos(),
                    "CLOCKBOUND_RATE_PPB=" + place.ratePpb(),
                    "CLOCKBOUND_RATE_FROM_NANOS=" + rateFromNanos);
            Path own = Files.createDirectory(
                    directory.resolve(place.name()),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path socket = own.resolve("chronyd.sock");
            chronyd = started(TestChronyd.start(
                    new ProcessLauncher(own, prefix),
                    own,
                    socket,
                    List.of(
                            "port 0",
                            "cmdport 0",
                            "bindcmdaddress " + socket,
                            // a host whose network turns asymmetric believes what it measures
                            "server " + Namespace.HUB + " port " + place.ntpPort()
                                    + " minpoll -2 maxpoll -2 iburst maxdelaydevratio 1000000")));
            daemon = started(DaemonProcess.start(
                    prefix,
                    own.resolve("run"),
                    "--shm-dir",
                    own.resolve("shm").toString(),
                    "--time-source-option",
                    "address=" + chronyd.address(),
                    "--clock",
                    "undisciplined"));
            program = started(LineProgram.start(
                    prefix,
                    HostProgram.class,
                    place.name(),
                    Long.toString(place.monotonicSeconds()),
                    Long.toString(place.ratePpb()),
                    Long.toString(rateFromNanos),
                    own.resolve("shm/shm0").toString(),
                    database));
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    /**
     * Starts one; its service need not be ready when this returns.
     *
     * @param shift the library that shifts the wall clock of a program
     */
    static Host start(Place place, Namespace hub, Path shift, Path directory, String database) throws Exception {
        return new Host(place, hub, shift, directory, database);
    }

    private <T extends AutoCloseable> T started(T part) {
        running.push(part);
        return part;
    }

    Place place() {
        return place;
    }

    LineProgram program() {
        return program;
    }

    /** Stops everything on it from running, in the middle of whatever it does. */
    void suspend() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** Lets it run again. */
    void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        if (name.equals("STOP")) {
            chronyd.suspend();
        } else {
            chronyd.resume();
        }
        Program.run(List.of("kill", "-" + name, Long.toString(daemon.pid()), Long.toString(program.pid())));
    }

    @Override
    public void close() {
        try {
            while (!running.isEmpty()) {
                running.pop().close();
            }
        } catch (Exception e) {
            throw new IllegalStateException("host " + place.name() + " does not end", e);
        }
    }
}
