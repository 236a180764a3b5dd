/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the daemon's process is given, and what it is kept from. */
final class RuntimeChecks {

    private static final Pattern OPEN_FILES = Pattern.compile("Max open files\\s+(\\d+)");
    private static final Pattern JAVA_VERSION = Pattern.compile("JAVA_VERSION=\"([^\"]+)\"");
    private static final int DEFAULT_CONNECTIONS = 64;
    private static final int OWN_DESCRIPTORS = 64;
    private static final int OWN_THREADS = 32;

    private RuntimeChecks() {}

    private static int connections(MachineProcess daemon) {
        return daemon.option("--max-connections")
                .filter(text -> text.matches("\\d{1,4}"))
                .map(Integer::valueOf)
                .orElse(DEFAULT_CONNECTIONS);
    }

    static List<Finding> descriptors(Machine machine) throws IOException {
        Optional<MachineProcess> daemon = machine.daemon();
        if (daemon.isEmpty()) {
            return List.of();
        }
        Matcher limit = OPEN_FILES.matcher(daemon.get().read("limits"));
        int needed = connections(daemon.get()) + OWN_DESCRIPTORS;
        return limit.find() && Long.parseLong(limit.group(1)) < needed
                ? List.of(Finding.warning(
                        "few-descriptors",
                        "The daemon may open " + limit.group(1) + " files and needs up to " + needed + ".",
                        "With many clients, new ones get none.",
                        "LimitNOFILE=1024 below [Service] in 'systemctl edit clockboundd', then a restart"))
                : List.of();
    }

    static List<Finding> tasks(Machine machine) throws IOException {
        Optional<MachineProcess> daemon = machine.daemon();
        if (daemon.isEmpty()) {
            return List.of();
        }
        String group = group(daemon.get());
        String most;
        try {
            most = machine.read("/sys/fs/cgroup" + group + "/pids.max");
        } catch (NoSuchFileException e) {
            return List.of(); // the root group, or another version of control groups
        }
        int needed = connections(daemon.get()) + OWN_THREADS;
        return most.matches("\\d+") && Long.parseLong(most) < needed
                ? List.of(Finding.warning(
                        "few-tasks",
                        "The daemon may have " + most + " threads (TasksMax) and needs up to " + needed + ".",
                        "A thread that cannot be started ends the daemon, and it starts anew.",
                        "TasksMax=" + 2 * needed + " below [Service] in 'systemctl edit clockboundd', then a restart"))
                : List.of();
    }

    private static String group(MachineProcess daemon) throws IOException {
        return daemon.read("cgroup")
                .lines()
                .filter(line -> line.startsWith("0::"))
                .map(line -> line.substring(3).replaceFirst("^/$", ""))
                .findFirst()
                .orElse("");
    }

    static List<Finding> unit(Machine machine) throws IOException {
        Optional<MachineProcess> daemon = machine.daemon();
        if (daemon.isEmpty()) {
            return List.of();
        }
        String group = group(daemon.get());
        return List.of(
                group.endsWith(".service")
                        ? Finding.fine(
                                "unit", "The daemon runs as " + group.substring(group.lastIndexOf('/') + 1) + ".")
                        : Finding.note(
                                "no-unit",
                                "The daemon, process " + daemon.get().pid() + ", is no service of systemd"
                                        + (group.isEmpty() ? "." : " (" + group + ")."),
                                "When it ends, it stays away, unless a container's runtime starts it again."));
    }

    static List<Finding> sandbox(Machine machine) throws IOException {
        Optional<MachineProcess> daemon = machine.daemon();
        if (daemon.isEmpty()) {
            return List.of();
        }
        boolean maySetClock = daemon.get().hasCapabilityToSetClock();
        if (daemon.get().user().equals("0") || maySetClock) {
            return List.of(Finding.warning(
                    "daemon-too-powerful",
                    "The daemon, process " + daemon.get().pid() + ", runs as user "
                            + daemon.get().user() + (maySetClock ? " and may set the clock (CAP_SYS_TIME)." : "."),
                    "Nothing for now: it never sets the clock, and need not be able to.",
                    "User=clockbound and the rest of the unit that comes with it: systemctl cat clockboundd"));
        }
        return daemon.get().status().getOrDefault("NoNewPrivs", "1").equals("0")
                ? List.of(Finding.note(
                        "no-sandbox",
                        "The daemon, process " + daemon.get().pid() + ", runs outside of the sandbox of its unit.",
                        "Nothing for now."))
                : List.of();
    }

    static List<Finding> java(Machine machine) throws IOException {
        Optional<MachineProcess> daemon = machine.daemon();
        if (daemon.isEmpty()) {
            return List.of();
        }
        String archive = daemon.get().arguments().stream()
                .filter(argument -> argument.startsWith("-XX:SharedArchiveFile="))
                .map(argument -> argument.substring(argument.indexOf('=') + 1))
                .findFirst()
                .orElse("");
        Path release = release(machine, daemon.get());
        String version = version(release);
        if (archive.isEmpty()) {
            return List.of(Finding.note(
                    "no-class-archive",
                    "The daemon runs on Java " + version + " without an archive of its classes; clockbound-archive"
                            + " makes it.",
                    "Nothing: only its start takes twice as long."));
        }
        Path file = daemon.get().file(machine, archive);
        boolean isOld = Files.exists(release)
                && Files.exists(file)
                && Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(release)) < 0;
        return List.of(
                isOld
                        ? Finding.note(
                                "class-archive-old",
                                file + " is older than the Java runtime, " + version
                                        + ", which ignores it; clockbound-archive makes it anew.",
                                "Nothing: only its start takes twice as long.")
                        : Finding.fine(
                                "java", "The daemon runs on Java " + version + " with the archive " + file + "."));
    }

    private static Path release(Machine machine, MachineProcess daemon) throws IOException {
        Path exe = daemon.directory().resolve("exe");
        Path binary = Files.isSymbolicLink(exe)
                ? Files.readSymbolicLink(exe)
                : Path.of(daemon.arguments().get(0));
        return daemon.file(machine, binary.resolve("../../release").normalize().toString());
    }

    private static String version(Path release) throws IOException {
        if (!Files.isReadable(release)) {
            return "of an unknown version";
        }
        Matcher version = JAVA_VERSION.matcher(Files.readString(release));
        return version.find() ? version.group(1) : "of an unknown version";
    }
}
