/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.order;

import io.clockbound.chrony.testing.ProcessLauncher;
import io.clockbound.chrony.testing.TestChronyd;
import io.clockbound.it.Prerequisites;
import io.clockbound.it.Program;
import io.clockbound.it.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Four hosts whose clocks are apart, and between them an NTP server with true time and a PostgreSQL. */
final class Fleet implements AutoCloseable {

    private static final int NTP = 123;
    private static final int DATABASE = 5432;

    /** Its path to the server is one that can be delayed. */
    private static final Host.Place FAR =
            new Host.Place("far", 2, Duration.ofMillis(250), -3, -60_000, DelayedPath.PORT);

    private static final List<Host.Place> PLACES = List.of(
            new Host.Place("plain", 1, Duration.ofMillis(-7), 1_000, 40_000, NTP),
            FAR,
            new Host.Place("cut-off", 3, Duration.ofSeconds(-40), 86_400, 25_000, NTP),
            new Host.Place("suspended", 4, Duration.ofSeconds(3), 17, -15_000, NTP));

    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final Path directory;
    private final TestChronyd server;
    private final Postgres postgres;
    private final LineProgram path;
    private final List<Host> hosts = new ArrayList<>();

    private int runs;

    private Fleet(Path directory) throws Exception {
        this.directory = directory;
        try {
            Namespace hub = started(Namespace.hub());
            Path shift = directory.resolve("shift.so");
            Program.run(List.of(
                    "gcc",
                    "-O2",
                    "-Wall",
                    "-Wextra",
                    "-Werror",
                    "-shared",
                    "-fPIC",
                    "-o",
                    shift.toString(),
                    "src/test/c/shift.c"));
            Path own = Files.createDirectory(
                    directory.resolve("server"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path socket = own.resolve("sock");
            server = started(TestChronyd.start(
                    new ProcessLauncher(own, hub.enter()),
                    own,
                    socket,
                    List.of("allow", "local stratum 1", "cmdport 0", "bindcmdaddress " + socket)));
            path = started(LineProgram.start(hub.enter(), DelayedPath.class));
            postgres = started(Postgres.start(hub.enter(), Namespace.HUB, DATABASE));
            path.await("ready");
            for (Host.Place place : PLACES) {
                hosts.add(started(Host.start(place, hub, shift, directory, postgres.url())));
            }
            for (Host host : hosts) {
                host.program().await("ready");
            }
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    /** Skips the tests, or fails them, where the machine lacks what it takes. */
    static void require() {
        Prerequisites.require();
        Prerequisites.require(Programs.find("gcc").isPresent(), "gcc is not on this machine");
        Prerequisites.require(
                Postgres.find().isPresent(), "PostgreSQL is not on this machine: install the package postgresql");
        Prerequisites.require(
                Namespace.isAllowed(),
                "time and network namespaces cannot be made: run the tests as root, with the package iproute2");
    }

    /** Starts everything, and waits until every host trusts its clock. */
    static Fleet start(Path directory) throws Exception {
        return new Fleet(directory);
    }

    private <T extends AutoCloseable> T started(T part) {
        running.push(part);
        return part;
    }

    /** What the hosts did in a run, and how many transactions they rolled back. */
    record Outcome(History history, int refused) {}

    /** Lets all hosts commit and share leases for a time, in which everything that can happen to them happens. */
    Outcome run(Mode mode, Duration time) throws Exception {
        postgres.execute(Committer.TABLE + ";" + Worker.TABLE);
        List<Path> files = new ArrayList<>();
        for (Host host : hosts) {
            Path file = directory.resolve("history-" + runs + "-" + host.place().name());
            files.add(file);
            host.program().tell("run " + mode + " " + file);
        }
        runs++;
        for (Host host : hosts) {
            host.program().await("running");
        }
        new Faults(this, time).happen();
        int refused = 0;
        for (Host host : hosts) {
            host.program().tell("stop");
        }
        for (Host host : hosts) {
            refused += Integer.parseInt(host.program().await("stopped"));
        }
        return new Outcome(History.read(files), refused);
    }

    /** Makes the path of one host to the server slower in one direction. */
    void delay(Duration toServer, Duration back) throws IOException {
        path.tell(toServer.toMillis() + " " + back.toMillis());
        path.await("delayed");
    }

    /** Takes its source from one host. */
    void cutOff() throws IOException {
        server.chronyc("deny", host("cut-off").place().address());
    }

    /** Gives it back. */
    void mend() throws IOException {
        server.chronyc("allow", host("cut-off").place().address());
    }

    /** Returns a host by its name. */
    Host host(String name) {
        return hosts.stream()
                .filter(host -> host.place().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        try {
            while (!running.isEmpty()) {
                running.pop().close();
            }
        } catch (Exception e) {
            throw new IllegalStateException("the hosts do not end", e);
        }
    }
}
