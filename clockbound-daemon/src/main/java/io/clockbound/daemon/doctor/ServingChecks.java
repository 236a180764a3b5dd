/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.doctor;

import io.clockbound.BoundedClock;
import io.clockbound.daemon.Sentence;
import io.clockbound.transport.ClockBoundClients;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The sockets and segments by which clients read the clock. */
final class ServingChecks {

    private static final String NAME = System.getProperty("user.name");
    private static final String NAMELESS = "?"; // as the JDK calls a user without a name, as containers have
    private static final String USER = NAME.equals(NAMELESS) ? number() : NAME;
    private static final String RESTART = "systemctl restart clockboundd";

    private static final List<String> SOCKETS = List.of("clockboundd.sock", "clockboundd.stream.sock");

    private ServingChecks() {}

    /** Tells whether this user may not use a socket that is there. */
    static boolean isDenied(Machine machine) throws IOException {
        return sockets(machine).stream().anyMatch(finding -> finding.name().endsWith("-denied"));
    }

    /** Tells whether the directory may be looked into and has no socket of a daemon. */
    static boolean hasNoSockets(Machine machine) {
        Path directory = machine.runDirectory();
        return Files.isExecutable(directory)
                && SOCKETS.stream().noneMatch(name -> Files.exists(directory.resolve(name), LinkOption.NOFOLLOW_LINKS));
    }

    /** Tells whether a socket of the directory is bound, which the kernel shows by its path even when the file is gone. */
    static boolean areSocketsBound(Machine machine) throws IOException {
        String sockets = machine.read("/proc/net/unix") + "\n";
        return SOCKETS.stream()
                .anyMatch(name -> sockets.contains(" " + machine.runDirectory().resolve(name) + "\n"));
    }

    static List<Finding> sockets(Machine machine) throws IOException {
        Path directory = machine.runDirectory();
        try {
            Files.readAttributes(directory.resolve("clockboundd.sock"), BasicFileAttributes.class);
        } catch (AccessDeniedException e) {
            return List.of(Finding.fault(
                    "socket-directory-denied",
                    "Permission denied: user " + USER + " may not enter " + directory + directoryMode(directory) + ".",
                    "This user gets none through a socket.",
                    "chmod a+x " + directory + ", or make this user a member of the directory's group"));
        } catch (NoSuchFileException e) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        for (String name : SOCKETS) {
            Path socket = directory.resolve(name);
            if (Files.exists(socket)) {
                PosixFileAttributes is = Files.readAttributes(socket, PosixFileAttributes.class);
                if (!machine.isReported() && machine.daemon().isEmpty()) {
                    findings.add(Finding.fault(
                            "socket-left-behind",
                            socket + " is there, and no daemon listens: one was killed.",
                            "Clients get none through it.",
                            "systemctl start clockboundd"));
                } else if (!Files.isWritable(socket)) {
                    findings.add(Finding.fault(
                            "socket-denied",
                            "Permission denied: user " + USER + " may not write to " + socket + ": " + mode(is) + ".",
                            "This user gets none through it.",
                            admission(
                                    NAME,
                                    is.group().getName(),
                                    is.permissions().contains(PosixFilePermission.GROUP_WRITE))));
                } else if (!is.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
                    findings.add(Finding.note(
                            "socket-for-few",
                            socket + " is for few: " + mode(is) + ".",
                            "Other users get none through it (socket-mode, socket-group)."));
                }
            }
        }
        return findings;
    }

    /** Returns what lets a user use a socket: to be in its group, where that may write to it and gives no more than that. */
    static String admission(String user, String group, boolean isForGroup) {
        return isForGroup && !group.equals("root")
                ? admission(user, group) + ", or socket-mode = 0666 in clockboundd.conf"
                : "socket-mode = 0666 in clockboundd.conf, or socket-mode = 0660 and a socket-group for those who may";
    }

    /** Returns what lets a user use a socket that is for a group. */
    static String admission(String user, String group) {
        return user.equals(NAMELESS)
                ? "Start this user's programs with the supplementary group " + group
                        + " (--group-add of container runtimes)"
                : "usermod -a -G " + group + " " + user;
    }

    /** Returns the number of this user, who has no name. */
    private static String number() {
        try {
            return String.valueOf(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException e) {
            return "without a name";
        }
    }

    private static String directoryMode(Path directory) {
        try {
            return " (" + mode(Files.readAttributes(directory, PosixFileAttributes.class)) + ")";
        } catch (IOException e) {
            return ""; // a directory above it is closed
        }
    }

    private static String mode(PosixFileAttributes is) {
        return PosixFilePermissions.toString(is.permissions()) + ", owner "
                + is.owner().getName() + ", group " + is.group().getName();
    }

    static List<Finding> segments(Machine machine) throws IOException {
        List<Finding> findings = new ArrayList<>();
        boolean isTrusted = "true".equals(machine.reported("is_trusted"));
        boolean isServed =
                machine.report().get("transports") instanceof java.util.Map<?, ?> all && all.containsKey("shm");
        for (String name : List.of("shm", "shm0")) {
            Path segment = machine.shmDirectory().resolve(name);
            if (!Files.exists(segment)) {
                if (isServed) {
                    findings.add(missing(machine, segment));
                }
                continue;
            }
            findings.addAll(segment(machine, segment, isTrusted && isServed));
        }
        return findings;
    }

    private static Finding missing(Machine machine, Path segment) throws IOException {
        Path directory = machine.shmDirectory();
        Path reported = machine.reportedShmDirectory().orElse(directory);
        boolean isReported = Files.exists(directory)
                ? reported.equals(directory.toRealPath()) || reported.equals(directory)
                : reported.equals(directory.toAbsolutePath().normalize());
        if (!isReported) {
            return Finding.fault(
                    "segment-missing",
                    segment + " is not there: the daemon's segments are in " + reported + ".",
                    "Clients that look in " + directory + " get none.",
                    "Ask with --shm-dir " + reported + ", or change shm-dir of that daemon.");
        }
        Optional<MachineProcess> daemon = machine.daemon();
        boolean isSameDirectory = daemon.isPresent() && daemon.get().sees(machine, directory);
        return Finding.fault(
                "segment-missing",
                segment + " is not there, although the daemon serves shared memory: someone has deleted it"
                        + (isSameDirectory ? "." : ", or " + directory + " here is not the daemon's (container?)."),
                "New clients of the shared memory get none.",
                isSameDirectory
                        ? RESTART
                        : "In a container, mount that directory of the daemon's into it, as its run directory is; else "
                                + RESTART);
    }

    private static List<Finding> segment(Machine machine, Path segment, boolean isExpected) throws IOException {
        PosixFileAttributes is = Files.readAttributes(segment, PosixFileAttributes.class);
        Set<PosixFilePermission> allowed = is.permissions();
        if (allowed.contains(PosixFilePermission.OTHERS_WRITE) || allowed.contains(PosixFilePermission.GROUP_WRITE)) {
            return List.of(Finding.fault(
                    "segment-writable",
                    segment + " can be written to by others: " + mode(is) + ".",
                    "It is whatever any of them writes.",
                    "chmod 644 " + segment));
        }
        if (!Files.isReadable(segment) || !allowed.contains(PosixFilePermission.OTHERS_READ)) {
            return List.of(Finding.warning(
                    "segment-unreadable",
                    "Permission denied: "
                            + (Files.isReadable(segment) ? "other users" : "user " + USER) + " may not read "
                            + segment + ": " + mode(is) + ".",
                    "Their programs use a socket in its place, which is slower.",
                    "chmod 644 " + segment));
        }
        try (BoundedClock clock = ClockBoundClients.sharedMemory(segment)) {
            boolean isTrusted = clock.read().status().isTrusted();
            return isExpected && !isTrusted
                    ? List.of(Finding.warning(
                            "segment-stale",
                            segment + " says " + clock.read().status() + ", while the daemon's own clock is trusted.",
                            "Clients of the shared memory get none: the segment is another's, or a clock differs here.",
                            RESTART + "; --shm-dir names another directory"))
                    : isTrusted || machine.isReported()
                            ? List.of(Finding.fine("segment", segment + " is readable, " + mode(is) + "."))
                            : List.of(Finding.note("segment-old", segment + renewal(machine), "It has expired."));
        } catch (IOException e) {
            return List.of(Finding.warning(
                    "segment-unusable",
                    Sentence.of(segment + " cannot be used: " + e.getMessage()),
                    "Clients of the shared memory get none from it.",
                    (Files.isDirectory(segment) ? "rmdir " : "rm ") + segment + ", then " + RESTART));
        }
    }

    private static String renewal(Machine machine) throws IOException {
        return machine.daemon()
                .map(process -> " was not renewed by the daemon, process " + process.pid() + ".")
                .orElse(" is of a daemon that has ended.");
    }

    static List<Finding> otherWriters(Machine machine) throws IOException {
        List<Finding> findings = new ArrayList<>();
        Path third = machine.shmDirectory().resolve("shm1");
        if (Files.exists(third)) {
            findings.add(Finding.fault(
                    "clockbound-3",
                    third + " is there: a ClockBound 3 daemon runs here or has run, which sets the clock itself.",
                    "While it runs, no bound covers what it does to the clock, and it writes shm0, too.",
                    "systemctl disable --now clockbound, rm " + third + ", then start chrony and clockboundd"));
        }
        List<MachineProcess> others = new ArrayList<>();
        for (MachineProcess process : MachineProcess.all(machine)) {
            if (process.name().matches("clock-?bound(d|-d)?") && process.sees(machine, machine.shmDirectory())) {
                others.add(process);
            }
        }
        if (!others.isEmpty()) {
            findings.add(Finding.fault(
                    "other-writer",
                    Stream.concat(
                                            Stream.of("Another ClockBound daemon runs:"),
                                            others.stream()
                                                    .map(it -> "process " + it.pid() + " ("
                                                            + String.join(" ", it.arguments()) + ")"))
                                    .collect(Collectors.joining(" "))
                            + ".",
                    "Both write the segment shm0: clients get now the one's, now the other's, which misses true time.",
                    "systemctl disable --now clockbound"));
        }
        return findings;
    }
}
