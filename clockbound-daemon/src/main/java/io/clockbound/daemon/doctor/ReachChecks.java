/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.doctor;

import io.clockbound.chrony.ChronyWay;
import io.clockbound.daemon.Sentence;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether chronyd can be asked, and by which way. */
final class ReachChecks {

    private static final String NO_BOUND = "There is none without chronyd's replies, or soon none.";

    private static final String AS_CHRONYDS_USER =
            "Run clockboundd as chronyd's user with chrony-socket.conf as a drop-in of its unit; or have chronyd listen"
                    + " on UDP, without 'cmdport 0' in chrony.conf";

    private ReachChecks() {}

    static List<Finding> ways(Machine machine) throws IOException {
        String all = machine.ways().stream()
                .map(way -> way.address() + (way.state().isPresent() ? " answers" : ": " + way.detail()))
                .collect(Collectors.joining("; "));
        if (machine.chronyd().isPresent()) {
            return List.of(Finding.fine("chronyd-answers", "chronyd can be asked: " + all + "."));
        }
        String fact = Sentence.of("chronyd cannot be asked: " + all);
        if (machine.isDaemonAnswered()) {
            return List.of(Finding.warning(
                    "cannot-ask-chronyd",
                    fact,
                    "Nothing now: the daemon gets chronyd's replies from " + machine.reported("source", "peer")
                            + ". What could be said of chronyd is missing here.",
                    "Run this as root, without --chronyd or with the daemon's address. If chronyd's socket was removed:"
                            + " systemctl restart chrony, for the daemon cannot connect to it again"));
        }
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
            return List.of(Finding.fault("chronyd-permission", fact, NO_BOUND, AS_CHRONYDS_USER));
        }
        if (has(machine, ChronyWay.Result.SILENT)) {
            return List.of(Finding.fault(
                    "chronyd-silent",
                    fact,
                    NO_BOUND,
                    "cmdallow with the address that asks in chrony.conf, unless it is 127.0.0.1 or ::1; a firewall"
                            + " or 'IPAddressDeny' of the unit may be the reason, too"));
        }
        List<MachineProcess> elsewhere = machine.chronydsElsewhere();
        if (processes.isEmpty() && !elsewhere.isEmpty()) {
            return List.of(Finding.fault(
                    "chronyd-in-container",
                    "No chronyd runs in this network namespace, and process "
                            + elsewhere.get(0).pid() + " is in another (container?); " + fact,
                    NO_BOUND,
                    "time-source-option = address=HOST:PORT in clockboundd.conf, with bindcmdaddress and cmdallow in that"
                            + " container's chrony.conf; or run it in the host's network"));
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
                "chronyd runs as process " + pids(processes) + " and does not listen where it was asked; " + fact,
                NO_BOUND,
                "time-source-option = address=HOST:PORT in clockboundd.conf, with the cmdport and bindcmdaddress of"
                        + " chrony.conf; where the chronyd that was asked is not among them, start it"));
    }

    /** The daemon is another user, in another network perhaps, and need not get the replies that this program gets. */
    static List<Finding> daemonsWay(Machine machine) throws IOException {
        if (machine.chronyd().isEmpty()
                || !machine.isReported()
                || "true".equals(machine.reported("is_trusted"))
                || !"NO_ANSWER".equals(machine.reported("last_poll", "result"))) {
            return List.of();
        }
        String who = machine.daemon()
                .map(process -> ", process " + process.pid() + " of user " + process.user() + ",")
                .orElse("");
        return List.of(Finding.fault(
                "daemon-cannot-ask",
                Sentence.of("chronyd answers this program, and the daemon" + who + " cannot ask it: "
                        + machine.reported("last_poll", "detail")),
                NO_BOUND,
                wayForTheDaemon(machine)));
    }

    private static String wayForTheDaemon(Machine machine) {
        List<String> answering = machine.ways().stream()
                .filter(way -> way.result() == ChronyWay.Result.ANSWERS)
                .map(ChronyWay::address)
                .filter(address -> !address.startsWith("unix:"))
                .toList();
        if (answering.isEmpty()) {
            return AS_CHRONYDS_USER;
        }
        List<String> asked = List.of(machine.reported("source", "peer").split(", "));
        return answering.stream()
                .filter(address -> !asked.contains(address))
                .findFirst()
                .map(address -> "time-source-option = address=" + address
                        + " in clockboundd.conf, then systemctl restart clockboundd")
                .orElse("See what keeps the daemon from " + answering.get(0)
                        + ": IPAddressAllow of its unit (systemctl cat clockboundd), a firewall, or a network"
                        + " namespace of its own");
    }

    private static String pids(List<MachineProcess> processes) {
        return processes.stream().map(it -> String.valueOf(it.pid())).collect(Collectors.joining(" and as process "));
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
