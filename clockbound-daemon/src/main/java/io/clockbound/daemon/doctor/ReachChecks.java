/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.doctor;

import io.clockbound.chrony.ChronyWay;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether chronyd can be asked, and by which way. */
final class ReachChecks {

    private static final String NO_BOUND = "There is none without chronyd's replies.";

    private ReachChecks() {}

    static List<Finding> ways(Machine machine) throws IOException {
        String all = machine.ways().stream()
                .map(way -> way.address() + (way.state().isPresent() ? " answers" : ": " + way.detail()))
                .collect(Collectors.joining("; "));
        if (machine.chronyd().isPresent()) {
            return List.of(Finding.fine("chronyd-answers", "chronyd can be asked: " + all + "."));
        }
        String fact = Text.sentence("chronyd cannot be asked: " + all);
        List<MachineProcess> processes = machine.chronyds();
        if (has(machine, ChronyWay.Result.REFUSES)) {
            return List.of(Finding.fault(
                    "chronyd-refuses",
                    fact,
                    NO_BOUND,
                    "opencommands tracking sources in chrony.conf, then systemctl restart chrony"));
        }
        Optional<MachineProcess> stopped = stopped(machine, processes);
        if (stopped.isPresent()) {
            int pid = stopped.get().pid();
            return List.of(Finding.fault(
                    "chronyd-stopped",
                    "chronyd, process " + pid + ", was stopped by a signal or a debugger; " + fact,
                    NO_BOUND,
                    "kill -CONT " + pid + ", or systemctl restart chrony"));
        }
        if (has(machine, ChronyWay.Result.DENIED)
                && machine.ways().stream().noneMatch(way -> way.result() == ChronyWay.Result.SILENT)) {
            return List.of(Finding.fault(
                    "chronyd-permission",
                    fact,
                    NO_BOUND,
                    "Run clockboundd as chronyd's user with chrony-socket.conf as a drop-in of its unit; or have"
                            + " chronyd listen on UDP, without 'cmdport 0' in chrony.conf"));
        }
        if (has(machine, ChronyWay.Result.SILENT)) {
            return List.of(Finding.fault(
                    "chronyd-silent",
                    fact,
                    NO_BOUND,
                    "cmdallow with the address that asks in chrony.conf, unless it is 127.0.0.1 or ::1; a firewall"
                            + " or 'IPAddressDeny' of the unit may be the reason, too"));
        }
        if (processes.isEmpty()) {
            return List.of(Finding.fault(
                    "chronyd-not-running",
                    "No chronyd runs here that can be seen; " + fact,
                    NO_BOUND,
                    "systemctl enable --now chrony (chronyd on Fedora and its heirs)"));
        }
        return List.of(Finding.fault(
                "chronyd-elsewhere",
                "chronyd runs as process " + processes.get(0).pid() + " and does not listen where it was asked; "
                        + fact,
                NO_BOUND,
                "time-source-option = address=HOST:PORT in clockboundd.conf, with the cmdport and bindcmdaddress of"
                        + " chrony.conf"));
    }

    private static Optional<MachineProcess> stopped(Machine machine, List<MachineProcess> processes)
            throws IOException {
        for (MachineProcess process : processes) {
            if (process.isStopped() && ChronydStart.of(machine, process).gives(machine, ChronyWay.Result.SILENT)) {
                return Optional.of(process);
            }
        }
        return Optional.empty();
    }

    private static boolean has(Machine machine, ChronyWay.Result result) {
        return machine.ways().stream().anyMatch(way -> way.result() == result);
    }

    static List<Finding> sourcesTold(Machine machine) {
        return machine.chronyd().flatMap(state -> state.sourcesRefused()).stream()
                .map(reason -> Finding.fault(
                        "sources-refused",
                        "chronyd answers TRACKING and not what its sources are: " + reason + ".",
                        "There is none, because chronyd's estimate alone is no bound.",
                        "opencommands tracking sources in chrony.conf, then systemctl restart chrony"))
                .toList();
    }
}
