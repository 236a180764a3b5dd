/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.interop;

import io.clockbound.it.Deadline;
import io.clockbound.it.Programs;
import io.clockbound.it.SecludedProcess;
import io.clockbound.it.Seclusion;
import io.clockbound.it.truth.TrackingProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A chronyd in a seclusion, on the ports and paths that are its own by custom. It never touches the clock ({@code -x}). */
public final class SecludedChronyd implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Seclusion seclusion;
    private final String name;
    private final Path socket;
    private SecludedProcess process;

    private SecludedChronyd(Seclusion seclusion, String name, Path socket) throws IOException {
        this.seclusion = seclusion;
        this.name = name;
        this.socket = socket;
        this.process = launch();
    }

    /** Starts a server whose time is the local clock's until it is told otherwise: true time. */
    public static SecludedChronyd server(Seclusion seclusion) throws Exception {
        Path own = Files.createDirectory(
                seclusion.directory().resolve("server"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path socket = own.resolve("sock");
        return started(
                seclusion,
                "server",
                socket,
                List.of("bindaddress 127.0.0.1", "allow", "local stratum 1", "cmdport 0", "bindcmdaddress " + socket));
    }

    /** Starts the machine's chronyd, which follows that server and is asked by the daemons. */
    public static SecludedChronyd client(Seclusion seclusion) throws Exception {
        return client(seclusion, List.of("server 127.0.0.1 minpoll -2 maxpoll 0 iburst"));
    }

    /** Starts the machine's chronyd with these sources. */
    public static SecludedChronyd client(Seclusion seclusion, List<String> sources) throws Exception {
        List<String> lines = new ArrayList<>(List.of(
                "port 0", "bindcmdaddress /run/chrony/chronyd.sock", "bindcmdaddress 127.0.0.1", "bindcmdaddress ::1"));
        lines.addAll(sources);
        return started(seclusion, "chronyd", seclusion.directory().resolve("chrony/chronyd.sock"), lines);
    }

    private static SecludedChronyd started(Seclusion seclusion, String name, Path socket, List<String> lines)
            throws Exception {
        Path directory = seclusion.directory();
        List<String> conf = new ArrayList<>(List.of("user root", "pidfile " + directory.resolve(name + ".pid")));
        conf.addAll(lines);
        Files.write(directory.resolve(name + ".conf"), conf);
        SecludedChronyd chronyd = new SecludedChronyd(seclusion, name, socket);
        chronyd.awaitAnswer();
        return chronyd;
    }

    /** Returns where it can be asked and told, as seen from outside too. */
    public Path socket() {
        return socket;
    }

    /** Runs a command of chronyc and returns what it printed. */
    public String chronyc(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Programs.required("chronyc"), "-n", "-h", socket.toString()));
        command.addAll(List.of(words));
        Path printed = seclusion.directory().resolve("chronyc.log");
        Programs.run(printed, (int) PATIENCE.toSeconds(), seclusion.enter(command));
        return Files.readString(printed);
    }

    /** Ends it without warning. */
    public void kill() {
        process.close();
    }

    @Override
    public void close() {
        process.close();
    }

    private void awaitAnswer() throws Exception {
        Deadline patience = Deadline.in(PATIENCE);
        patience.await(() -> "the socket of " + name, () -> {
            process.requireRunning();
            return Files.exists(socket);
        });
        try (TrackingProbe probe = new TrackingProbe(socket)) {
            patience.await(() -> "an answer of " + name, () -> probe.ask().isPresent());
        }
    }

    private SecludedProcess launch() throws IOException {
        String conf = seclusion.directory().resolve(name + ".conf").toString();
        return seclusion.start(name, List.of(Programs.required("chronyd"), "-x", "-U", "-d", "-f", conf));
    }
}
