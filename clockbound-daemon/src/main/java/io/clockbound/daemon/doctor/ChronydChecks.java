/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.doctor;

import io.clockbound.daemon.config.DurationText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How the chronyd that runs was started. */
final class ChronydChecks {

    /** The boot and the time from there to the start are both cut to seconds. */
    private static final Duration START_RESOLUTION = Duration.ofSeconds(2);

    private ChronydChecks() {}

    static List<Finding> process(Machine machine) throws IOException {
        List<MachineProcess> here = machine.chronyds();
        List<MachineProcess> elsewhere = machine.chronydsElsewhere();
        List<Finding> findings = new ArrayList<>();
        List<MachineProcess> steering = new ArrayList<>();
        for (MachineProcess process : concat(here, elsewhere)) {
            if (!isUndisciplined(process) && process.maySetClock(machine)) {
                steering.add(process);
            }
        }
        if (steering.size() > 1) { // the clock is one for all namespaces
            findings.add(Finding.fault(
                    "several-chronyds",
                    "Several chronyds set this clock: processes " + lines(steering) + ".",
                    "It may miss true time: what one does, the other does not report.",
                    "systemctl list-units '*chrony*', and stop all but one."));
        } else if (!here.isEmpty()) {
            findings.add(Finding.fine("chronyd-process", "chronyd runs as process " + lines(here) + "."));
        }
        boolean isCause = here.isEmpty() && machine.chronyd().isEmpty(); // said of the ways
        if (!elsewhere.isEmpty() && !isCause) {
            findings.add(Finding.note(
                    "chronyd-in-other-namespace",
                    "In another network namespace (container?) chronyd runs as process " + lines(elsewhere) + ".",
                    "Nothing: no address of the loopback here leads to it."));
        }
        return findings;
    }

    private static List<MachineProcess> concat(List<MachineProcess> here, List<MachineProcess> elsewhere) {
        return Stream.concat(here.stream(), elsewhere.stream()).toList();
    }

    private static String lines(List<MachineProcess> processes) {
        return processes.stream()
                .map(it -> it.pid() + " (" + String.join(" ", it.arguments()).strip() + ")")
                .collect(Collectors.joining(", "));
    }

    /** Tells it by the command line alone, because the configuration of another chronyd may be out of reach. */
    private static boolean isUndisciplined(MachineProcess process) {
        return process.arguments().stream().skip(1).anyMatch(word -> word.matches("-[46dnqQrRsv]*x.*"));
    }

    static List<Finding> undisciplined(Machine machine) throws IOException {
        Optional<ChronydStart> start = ChronydStart.of(machine);
        if (start.isEmpty()) {
            return List.of();
        }
        MachineProcess chronyd = start.get().process();
        boolean isUndisciplined = start.get().isUndisciplined();
        String setting = machine.reported("settings", "clock");
        if (setting.equals(isUndisciplined ? "disciplined" : "undisciplined")) {
            return List.of(Finding.fault(
                    "clock-setting-wrong",
                    "The daemon is told clock=" + setting + ", but chronyd, process " + chronyd.pid() + ", "
                            + (isUndisciplined ? "was started with -x." : "was started without -x."),
                    "It misses true time as the clock moves otherwise than assumed.",
                    "clock = auto in clockboundd.conf, then systemctl restart clockboundd"));
        }
        if (!isUndisciplined) {
            return List.of();
        }
        String fact = "chronyd, process " + chronyd.pid() + ", was started with -x: it does not set this clock";
        long slewNanos = nanos(machine.reported("bound", "terms", "correction_ns"));
        return List.of(
                !SourceChecks.disagree(machine) // a bound around what may be a lie must not be made narrower
                                && setting.equals("auto")
                                && slewNanos > nanos(machine.reported("bound", "now_ns")) / 2
                        ? Finding.warning(
                                "slews-not-excluded",
                                fact + ", and " + DurationText.of(slewNanos) + " of the bound are for slews of it.",
                                "It is that much wider than it need be.",
                                "clock = undisciplined in clockboundd.conf, if nothing else sets the clock; then"
                                        + " systemctl restart clockboundd")
                        : Finding.note(
                                "chronyd-x",
                                fact + ".",
                                "It lies around what chronyd measured, not around the wall clock."));
    }

    private static long nanos(String number) {
        return number.isEmpty() ? 0 : Long.parseLong(number);
    }

    static List<Finding> configuration(Machine machine) throws IOException {
        Optional<ChronydStart> start = ChronydStart.of(machine);
        Optional<Path> file = start.flatMap(ChronydStart::file);
        if (start.isEmpty() || file.isEmpty()) {
            return List.of();
        }
        Optional<Instant> started = start.get().process().started(machine);
        Instant changed = Files.getLastModifiedTime(file.get()).toInstant();
        return started.isPresent() && changed.isAfter(started.get().plus(START_RESOLUTION))
                ? List.of(Finding.warning(
                        "chronyd-config-newer",
                        file.get() + " was changed at " + changed + ", after chronyd, process "
                                + start.get().process().pid() + ", had started at " + started.get() + ".",
                        "chronyd does not do what the file says, nor what is said here of it.",
                        "systemctl restart chrony"))
                : List.of(Finding.fine("chronyd-config", "chronyd has read " + file.get() + " as it is now."));
    }
}
