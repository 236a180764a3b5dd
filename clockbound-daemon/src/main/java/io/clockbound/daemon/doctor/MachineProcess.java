/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.doctor;

import io.clockbound.transport.ClockBoundClients;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A process, as {@code /proc} shows it.
 *
 * @param pid its number
 * @param directory its directory in {@code /proc}
 * @param arguments its command line, the name of the program first
 * @param status the lines of its {@code status} by their names
 */
record MachineProcess(int pid, Path directory, List<String> arguments, Map<String, String> status) {

    private static final int CAP_SYS_TIME = 25;
    private static final int START_FIELD = 19; // the 22nd, counted from behind the name
    private static final long TICKS_PER_SECOND = 100; // what Linux tells programs, whatever it ticks by

    /** Returns the processes that can be seen, in the order of their numbers. */
    static List<MachineProcess> all(Machine machine) throws IOException {
        Map<Integer, MachineProcess> processes = new TreeMap<>();
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(machine.file("/proc"), "[0-9]*")) {
            for (Path directory : directories) {
                of(directory).ifPresent(process -> processes.put(process.pid, process));
            }
        }
        return new ArrayList<>(processes.values());
    }

    /** Returns the process; empty when it has ended, though nobody may have collected it yet, or is hidden from this user. */
    private static Optional<MachineProcess> of(Path directory) {
        try {
            String line = Files.readString(directory.resolve("cmdline"), StandardCharsets.ISO_8859_1);
            Map<String, String> status = new TreeMap<>();
            for (String row : Files.readAllLines(directory.resolve("status"), StandardCharsets.ISO_8859_1)) {
                String[] parts = row.split(":", 2);
                status.put(parts[0], parts.length < 2 ? "" : parts[1].strip());
            }
            if (status.getOrDefault("State", "").startsWith("Z")) {
                return Optional.empty();
            }
            int pid = Integer.parseInt(directory.getFileName().toString());
            return Optional.of(new MachineProcess(pid, directory, List.of(line.split("\0")), status));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Returns the name of the program, cut to 15 characters by the kernel. */
    String name() {
        return status.getOrDefault("Name", "");
    }

    int parent() {
        return Integer.parseInt(status.getOrDefault("PPid", "0"));
    }

    /** Returns the number of the user that it runs as. */
    String user() {
        return status.getOrDefault("Uid", "?").split("\\s+", -1)[0];
    }

    /** Returns its number in its own namespace of processes, which is what it says of itself. */
    int ownPid() {
        String[] numbers = pidsByNamespace();
        return numbers.length == 0 ? pid : Integer.parseInt(numbers[numbers.length - 1]);
    }

    private String[] pidsByNamespace() {
        String numbers = status.getOrDefault("NSpid", "");
        return numbers.isEmpty() ? new String[0] : numbers.split("\\s+", -1);
    }

    /**
     * Tells whether its namespace of a kind is another than this program's. Where only root may see that, the answer is whether it
     * has a number of its own, as in a container.
     */
    private boolean isInOther(Machine machine, String kind) throws IOException {
        try {
            Path ours = Files.readSymbolicLink(machine.file("/proc/self/ns/" + kind));
            return !ours.equals(Files.readSymbolicLink(directory.resolve("ns/" + kind)));
        } catch (AccessDeniedException e) {
            return pidsByNamespace().length > 1;
        } catch (NoSuchFileException e) {
            return false; // a kernel without them
        }
    }

    /** Tells whether its loopback is another than this program's. */
    boolean isInOtherNetwork(Machine machine) throws IOException {
        return isInOther(machine, "net");
    }

    /** Tells whether it can set the clock, if it is a program that does: one in a container seldom may. */
    boolean maySetClock(Machine machine) throws IOException {
        return !isInOther(machine, "pid") || (hasCapabilityToSetClock() && !isOfOtherUsers(machine));
    }

    /** Tells whether its capabilities are those of a user namespace of its own, which anybody may see by its map of users. */
    private boolean isOfOtherUsers(Machine machine) throws IOException {
        try {
            return !Files.readString(machine.file("/proc/self/uid_map"))
                    .equals(Files.readString(directory.resolve("uid_map")));
        } catch (NoSuchFileException e) {
            return false; // a kernel without user namespaces
        }
    }

    boolean hasCapabilityToSetClock() {
        return (Long.parseUnsignedLong(status.getOrDefault("CapEff", "0"), 16) >>> CAP_SYS_TIME & 1) != 0;
    }

    /**
     * Tells whether a path leads it to the same file as this program. A mount namespace of its own does not decide that: each
     * service of systemd that has a sandbox has one.
     */
    boolean sees(Machine machine, Path path) throws IOException {
        if (!isInOther(machine, "mnt")) {
            return true;
        }
        try {
            return Files.isSameFile(path, throughItsRoot(machine, path));
        } catch (NoSuchFileException | AccessDeniedException e) {
            return false;
        }
    }

    /** Returns where this program finds what is at a path for the process. */
    Path throughItsRoot(Machine machine, Path path) {
        return directory.resolve("root").resolve(machine.root().relativize(path.toAbsolutePath()));
    }

    /** Returns where this program finds a file that the process names. */
    Path file(Machine machine, String path) throws IOException {
        Path ours = machine.file(path);
        return sees(machine, ours) ? ours : throughItsRoot(machine, ours);
    }

    /** Tells whether it was stopped by a signal or a debugger. */
    boolean isStopped() {
        return status.getOrDefault("State", "").matches("[Tt].*");
    }

    /** Returns the text of one of its files. */
    String read(String file) throws IOException {
        return Files.readString(directory.resolve(file), StandardCharsets.ISO_8859_1);
    }

    /** Returns when it was started, up to two seconds too early; empty when that cannot be seen. */
    Optional<Instant> started(Machine machine) throws IOException {
        try {
            String stat = read("stat");
            String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
            long ticks = Long.parseLong(fields[START_FIELD]);
            return machine.read("/proc/stat")
                    .lines()
                    .filter(line -> line.startsWith("btime "))
                    .map(line -> Instant.ofEpochSecond(
                            Long.parseLong(line.substring(6).strip())))
                    .map(boot -> boot.plusSeconds(ticks / TICKS_PER_SECOND))
                    .findFirst();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Returns the directory that a daemon's command line names, else the usual one. */
    Path runDirectory() {
        return option("--run-dir").map(Path::of).orElse(ClockBoundClients.RUN_DIRECTORY);
    }

    /** Returns the argument of a long option, given as {@code --name value} or {@code --name=value}. */
    Optional<String> option(String name) {
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.get(i).startsWith(name + "=")) {
                return Optional.of(arguments.get(i).substring(name.length() + 1));
            }
            if (arguments.get(i).equals(name) && i + 1 < arguments.size()) {
                return Optional.of(arguments.get(i + 1));
            }
        }
        return Optional.empty();
    }
}
