/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A control group of this machine, version 1 or 2, that gives the processes in it little of the processors or of the memory. */
public final class ControlGroup implements AutoCloseable {

    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final boolean IS_V2 = Files.exists(ROOT.resolve("cgroup.controllers"));
    private static final int PERIOD_MICROS = 100_000;

    /** Where a process is when it is in no group of its own. */
    private final Path parent;

    private final Path directory;

    private ControlGroup(Path parent, Path directory) {
        this.parent = parent;
        this.directory = directory;
    }

    /** Tells whether this process may make one. */
    public static boolean isAllowed() {
        try (ControlGroup processors = ofProcessors(50);
                ControlGroup memory = ofMemory(1 << 30)) {
            return processors.isThere() && memory.isThere();
        } catch (IOException e) {
            return false;
        }
    }

    /** Makes one whose processes get so much of one processor together. */
    public static ControlGroup ofProcessors(int percent) throws IOException {
        int quotaMicros = PERIOD_MICROS * percent / 100;
        return IS_V2
                ? made("cpu", "cpu.max", quotaMicros + " " + PERIOD_MICROS)
                : made("cpu", "cpu.cfs_quota_us", Integer.toString(quotaMicros));
    }

    /** Makes one whose processes may have so much memory together, without swap. */
    public static ControlGroup ofMemory(long bytes) throws IOException {
        return made("memory", IS_V2 ? "memory.max" : "memory.limit_in_bytes", Long.toString(bytes));
    }

    private static ControlGroup made(String controller, String limit, String value) throws IOException {
        Path parent = IS_V2 ? ROOT : ROOT.resolve(controller);
        if (IS_V2) {
            Files.writeString(parent.resolve("cgroup.subtree_control"), "+" + controller);
        }
        Path directory = Files.createTempDirectory(parent, "clockbound-");
        ControlGroup group = new ControlGroup(parent, directory);
        try {
            Files.writeString(directory.resolve(limit), value);
            return group;
        } catch (IOException e) {
            group.close();
            throw e;
        }
    }

    private boolean isThere() {
        return Files.isDirectory(directory);
    }

    /** Moves a process, all its threads included, into this group. */
    public void add(long pid) throws IOException {
        Files.writeString(directory.resolve("cgroup.procs"), Long.toString(pid));
    }

    /** Returns words before a command that then runs in this group from its start. */
    public List<String> enter() {
        return List.of("sh", "-c", "echo $$ >" + directory.resolve("cgroup.procs") + " && exec \"$@\"", "sh");
    }

    /** Lets a process go. */
    public void release(long pid) throws IOException {
        Files.writeString(parent.resolve("cgroup.procs"), Long.toString(pid));
    }

    /** Returns how often its processes had to wait because they had used up what they get of the processors. */
    public long throttled() throws IOException {
        return Files.readAllLines(directory.resolve("cpu.stat")).stream()
                .filter(line -> line.startsWith("nr_throttled "))
                .mapToLong(line -> Long.parseLong(line.substring("nr_throttled ".length())))
                .sum();
    }

    /** Lets all go and removes it. */
    @Override
    public void close() throws IOException {
        for (String pid : Files.readAllLines(directory.resolve("cgroup.procs"))) {
            release(Long.parseLong(pid));
        }
        Files.delete(directory);
    }
}
