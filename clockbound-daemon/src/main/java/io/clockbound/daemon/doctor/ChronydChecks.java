/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** How the chronyd that runs was started. */
final class ChronydChecks {

    private ChronydChecks() {}

    static List<Finding> process(Machine machine) throws IOException {
        List<MachineProcess> all = machine.chronyds();
        if (all.isEmpty()) {
            return List.of();
        }
        String lines = all.stream()
                .map(it -> it.pid() + " (" + String.join(" ", it.arguments()).strip() + ")")
                .collect(Collectors.joining(", "));
        long steering = 0;
        for (MachineProcess process : all) {
            steering += isUndisciplined(process) ? 0 : 1;
        }
        return List.of(
                steering > 1
                        ? Finding.fault(
                                "several-chronyds",
                                "Several chronyds set this clock: processes " + lines + ".",
                                "It may miss true time: what one does, the other does not report.",
                                "systemctl list-units '*chrony*', and stop all but one.")
                        : Finding.fine("chronyd-process", "chronyd runs as process " + lines + "."));
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
        return isUndisciplined
                ? List.of(Finding.note(
                        "chronyd-x",
                        "chronyd, process " + chronyd.pid() + ", was started with -x: it does not set this clock.",
                        "It lies around what chronyd measured, not around the wall clock."))
                : List.of();
    }

    static List<Finding> configuration(Machine machine) throws IOException {
        Optional<ChronydStart> start = ChronydStart.of(machine);
        Optional<Path> file = start.flatMap(ChronydStart::file);
        if (start.isEmpty() || file.isEmpty()) {
            return List.of();
        }
        Optional<Instant> started = start.get().process().started(machine);
        Instant changed = Files.getLastModifiedTime(file.get()).toInstant();
        return started.isPresent() && changed.isAfter(started.get().plusSeconds(1))
                ? List.of(Finding.warning(
                        "chronyd-config-newer",
                        file.get() + " was changed at " + changed + ", after chronyd, process "
                                + start.get().process().pid() + ", had started at " + started.get() + ".",
                        "chronyd does not do what the file says, nor what is said here of it.",
                        "systemctl restart chrony"))
                : List.of(Finding.fine("chronyd-config", "chronyd has read " + file.get() + " as it is now."));
    }
}
