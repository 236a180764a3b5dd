/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the kernel and the hypervisor do. */
final class HostChecks {

    private static final String CLOCK_SOURCE = "/sys/devices/system/clocksource/clocksource0/";
    private static final Set<String> SLOW = Set.of("hpet", "acpi_pm", "jiffies", "refined-jiffies", "pit");
    private static final String VMCLOCK = "/dev/vmclock0";

    private HostChecks() {}

    static List<Finding> clockSource(Machine machine) throws IOException {
        String current = machine.read(CLOCK_SOURCE + "current_clocksource");
        if (!SLOW.contains(current)) {
            return List.of(Finding.fine("clock-source", "The kernel's clock source is " + current + "."));
        }
        return List.of(Finding.warning(
                "clock-source-slow",
                "The kernel's clock source is " + current + " (available: "
                        + machine.read(CLOCK_SOURCE + "available_clocksource") + ").",
                "A reading takes microseconds and a system call; where the kernel gave up the TSC, the clock may have"
                        + " moved.",
                "dmesg | grep -i clocksource tells why; echo tsc > " + CLOCK_SOURCE + "current_clocksource where tsc is"
                        + " available"));
    }

    static List<Finding> vmClock(Machine machine) throws IOException {
        boolean isVirtual = isVirtual(machine);
        boolean isPresent = Files.exists(machine.file(VMCLOCK));
        if (!isPresent) {
            return isVirtual
                    ? List.of(Finding.note(
                            "no-vmclock",
                            "This is a virtual machine without " + VMCLOCK + ".",
                            "A pause or a move that no clock shows goes unnoticed."))
                    : List.of();
        }
        if (!machine.isReported() || "true".equals(machine.reported("settings", "is_vmclock_watched"))) {
            return List.of(Finding.fine("vmclock", "The hypervisor tells of moves in " + VMCLOCK + "."));
        }
        return List.of(Finding.warning(
                "vmclock-unused",
                VMCLOCK + " is there, and the daemon does not watch it.",
                "A pause, a move or a restored snapshot that no clock shows goes unnoticed, and it misses true time.",
                "chmod a+r " + VMCLOCK + ", vmclock = auto in clockboundd.conf, then systemctl restart clockboundd"));
    }

    private static boolean isVirtual(Machine machine) throws IOException {
        try {
            return machine.read("/proc/cpuinfo")
                    .lines()
                    .anyMatch(line -> line.startsWith("flags") && line.contains(" hypervisor"));
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    static List<Finding> timeNamespace(Machine machine) throws IOException {
        Optional<MachineProcess> daemon = machine.daemon();
        if (daemon.isEmpty()) {
            return List.of();
        }
        Path ours = machine.file("/proc/self/ns/time");
        Path its = daemon.get().directory().resolve("ns/time");
        if (!Files.isSymbolicLink(ours) || !Files.isSymbolicLink(its)) {
            return List.of(); // a kernel without them
        }
        String here = Files.readSymbolicLink(ours).toString();
        String there = Files.readSymbolicLink(its).toString();
        return here.equals(there)
                ? List.of()
                : List.of(Finding.warning(
                        "time-namespace",
                        "The daemon, process " + daemon.get().pid() + ", is in another time namespace (" + there
                                + ") than this program (" + here + ").",
                        "A client of the segments here reads another monotonic clock and misjudges its age.",
                        "Run both in one time namespace, or have these clients use the stream socket (--socket)."));
    }
}
