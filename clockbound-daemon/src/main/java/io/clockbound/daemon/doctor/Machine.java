/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.doctor;

import io.clockbound.BoundSettings;
import io.clockbound.chrony.ChronyState;
import io.clockbound.chrony.ChronyWay;
import io.clockbound.daemon.Json;
import io.clockbound.transport.ClockBoundClients;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the doctor looks at, and nothing else of a machine: files below a root, what chronyd answered, and the daemon's report.
 *
 * @param root stands for {@code /}
 * @param ways what came of asking chronyd, at each address
 * @param later what the first that answered said a moment later; empty when none did, or not twice
 * @param report the daemon's report on itself; empty when there was none
 * @param reportFailure why there was none; empty when there was one
 * @param runDirectory the directory of the daemon's sockets
 * @param shmDirectory the directory of its segments
 */
public record Machine(
        Path root,
        List<ChronyWay> ways,
        Optional<ChronyState> later,
        Map<String, Object> report,
        String reportFailure,
        Path runDirectory,
        Path shmDirectory) {

    private static final long BETWEEN_LOOKS_MILLIS = 1000;
    private static final String CONFIGURATION = "/etc/clockbound/clockboundd.conf";
    private static final String ADDRESS = "address=";
    private static final Pattern ADDRESS_LINE =
            Pattern.compile("(?m)^\\s*time-source-option\\s*[=:]\\s*" + ADDRESS + "(\\S.*?)\\s*$");

    public Machine {
        ways = List.copyOf(ways);
        report = Map.copyOf(report);
    }

    /**
     * Looks at this machine, which takes a second, and another for each address at which chronyd is silent.
     *
     * @param chronyd addresses of chronyd, as in the setting {@code address} of the time source; empty for the usual ones and
     *     the one that the daemon asks
     * @param shmDirectory the directory of the segments; empty for the one that the daemon's report names, or the usual one
     * @throws IllegalArgumentException when one is no address
     */
    public static Machine look(String chronyd, Path runDirectory, Optional<Path> shmDirectory)
            throws InterruptedException {
        Map<String, Object> report = Map.of();
        String failure = "";
        try {
            report = Json.read(ClockBoundClients.status(runDirectory));
        } catch (IOException e) {
            failure = String.valueOf(e.getMessage());
        }
        Path root = Path.of("/");
        Path shm = shmDirectory.orElse(reportedShmDirectory(report).orElse(ClockBoundClients.SHM_DIRECTORY));
        Machine unasked = new Machine(root, List.of(), Optional.empty(), report, failure, runDirectory, shm);
        List<ChronyWay> ways = chronyd.isEmpty() ? unasked.ask() : ChronyWay.ask(chronyd);
        Optional<ChronyWay> answering =
                ways.stream().filter(way -> way.state().isPresent()).findFirst();
        Optional<ChronyState> later = Optional.empty();
        if (answering.isPresent()) {
            TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MILLIS);
            later = ChronyWay.ask(answering.get().address()).get(0).state();
        }
        return new Machine(root, ways, later, report, failure, runDirectory, shm);
    }

    List<ChronyWay> ask() {
        try {
            return ChronyWay.ask(chronyAddresses());
        } catch (IllegalArgumentException e) {
            return ChronyWay.ask(ChronyWay.defaultAddresses()); // what --check-config says of that line is enough
        }
    }

    /** Returns where the daemon asks chronyd, or would, and where chronyd listens by default. */
    String chronyAddresses() {
        String usual = ChronyWay.defaultAddresses();
        String peer = reported("source", "name").equals("chrony") ? reported("source", "peer") : configuredAddresses();
        return peer.isEmpty() ? usual : peer + ", " + usual;
    }

    /** Returns where a daemon that does not report was told to ask chronyd, on its command line or in its configuration. */
    private String configuredAddresses() {
        if (isReported()) {
            return ""; // its time source is another
        }
        try {
            Optional<MachineProcess> daemon = daemon();
            String told =
                    daemon.flatMap(it -> it.option("--time-source-option")).orElse("");
            if (told.startsWith(ADDRESS)) {
                return told.substring(ADDRESS.length());
            }
            String configuration = daemon.flatMap(it -> it.option("--config"))
                    .filter(path -> path.startsWith("/"))
                    .orElse(CONFIGURATION);
            Matcher line = ADDRESS_LINE.matcher(read(configuration));
            return line.find() ? line.group(1) : "";
        } catch (IOException e) {
            return ""; // where it listens by default is asked in any case
        }
    }

    /** Returns where a file of the machine is. */
    Path file(String path) {
        return root.resolve(path.substring(1));
    }

    /** Returns the text of a file of the machine, without the white space around it. */
    String read(String path) throws IOException {
        return Files.readString(file(path), StandardCharsets.ISO_8859_1).strip();
    }

    /** Returns what chronyd said, over the first way that it answered. */
    Optional<ChronyState> chronyd() {
        return ways.stream().flatMap(way -> way.state().stream()).findFirst();
    }

    boolean isReported() {
        return !report.isEmpty();
    }

    /** Tells whether the daemon asks chronyd, and got a reply of which it could make a bound. */
    boolean isDaemonAnswered() {
        String result = reported("last_poll", "result");
        return reported("source", "name").equals("chrony")
                && (result.equals("SYNCHRONIZED") || result.equals("FREE_RUNNING"));
    }

    /** Returns a number among the daemon's settings. */
    OptionalLong setting(String name) {
        return report.get("settings") instanceof Map<?, ?> settings && settings.get(name) instanceof Long value
                ? OptionalLong.of(value)
                : OptionalLong.empty();
    }

    /** Returns the daemon's limit for the oscillator; the default when no daemon says one. */
    long maxClockErrorPpb() {
        return setting("max_clock_error_ppb").orElse(BoundSettings.DEFAULTS.maxClockErrorPpb());
    }

    /** Returns a member of the daemon's report, or of an object in it, as text; empty when there is none. */
    String reported(String... names) {
        return member(report, names);
    }

    /** Returns the directory in which the daemon's report has its segments; empty when it names none. */
    Optional<Path> reportedShmDirectory() {
        return reportedShmDirectory(report);
    }

    private static Optional<Path> reportedShmDirectory(Map<String, Object> report) {
        return Optional.ofNullable(
                Path.of(member(report, "transports", "shm", "address")).getParent());
    }

    private static String member(Map<String, Object> report, String... names) {
        Object value = report;
        for (String name : names) {
            value = value instanceof Map<?, ?> members ? members.get(name) : null;
        }
        return value == null ? "" : value.toString();
    }

    /** Returns the processes of the daemons whose directories are seen here. */
    List<MachineProcess> daemons() throws IOException {
        return daemons(true);
    }

    /** Returns the processes of the daemons that serve in directories of another mount namespace, such as a container's. */
    List<MachineProcess> daemonsElsewhere() throws IOException {
        return daemons(false);
    }

    private List<MachineProcess> daemons(boolean isHere) throws IOException {
        List<MachineProcess> daemons = new ArrayList<>();
        for (MachineProcess process : MachineProcess.all(this)) {
            if (process.arguments().contains("io.clockbound.daemon.ClockBoundDaemon")
                    && process.sees(this, process.runDirectory()) == isHere) {
                daemons.add(process);
            }
        }
        return daemons;
    }

    /** Returns the process of the daemon that is looked at: the one that reported, else the one of this directory. */
    Optional<MachineProcess> daemon() throws IOException {
        return daemons().stream()
                .filter(process -> isReported()
                        ? String.valueOf(process.ownPid()).equals(reported("pid"))
                        : runDirectory.equals(process.runDirectory()))
                .findFirst();
    }

    /** Returns the processes of chronyd in this network namespace that no other chronyd has started. */
    List<MachineProcess> chronyds() throws IOException {
        return chronyds(true);
    }

    /** Returns the same of other network namespaces, such as a container's: no address of ours leads to them by the loopback. */
    List<MachineProcess> chronydsElsewhere() throws IOException {
        return chronyds(false);
    }

    private List<MachineProcess> chronyds(boolean isHere) throws IOException {
        List<MachineProcess> all = MachineProcess.all(this).stream()
                .filter(process -> process.name().equals("chronyd"))
                .toList();
        List<MachineProcess> chronyds = new ArrayList<>();
        for (MachineProcess process : all) {
            if (all.stream().noneMatch(other -> other.pid() == process.parent())
                    && process.isInOtherNetwork(this) != isHere) {
                chronyds.add(process);
            }
        }
        return chronyds;
    }
}
