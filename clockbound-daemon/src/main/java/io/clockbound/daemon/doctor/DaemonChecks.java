/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.doctor;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether a daemon runs and answers, and what it says of itself. */
final class DaemonChecks {

    private static final long USUAL_PPB = 15_000;

    private DaemonChecks() {}

    static List<Finding> daemon(Machine machine) throws IOException {
        if (!machine.isReported()) {
            return unreported(machine);
        }
        String status = machine.reported("status");
        String detail = machine.reported("last_poll", "detail");
        if (!"true".equals(machine.reported("is_trusted"))) {
            return List.of(Finding.fault(
                    "not-trusted",
                    Text.sentence("The daemon says that its clock is not trusted, status " + status + ": " + detail),
                    "There is none.",
                    "What stands here beside this; 'clockboundctl wait' tells when it is over."));
        }
        return List.of(
                status.equals("FREE_RUNNING")
                        ? Finding.warning(
                                "free-running",
                                Text.sentence("The daemon's clock runs free: " + detail),
                                "It grows, contains true time, and ends after the holdover.",
                                "Bring back chronyd's sources: 'chronyc sources' shows them.")
                        : Finding.fine("trusted", "The daemon serves a trusted clock."));
    }

    private static List<Finding> unreported(Machine machine) throws IOException {
        Optional<MachineProcess> daemon = machine.daemon();
        if (daemon.isPresent()) {
            return ServingChecks.isDenied(machine)
                    ? List.of() // said of the sockets
                    : List.of(Finding.fault(
                            "daemon-does-not-answer",
                            Text.sentence("clockboundd runs as process "
                                    + daemon.get().pid()
                                    + " and does not answer in " + machine.runDirectory() + ": "
                                    + machine.reportFailure()),
                            "Clients that look there get none.",
                            "journalctl -u clockboundd -n 50, then systemctl restart clockboundd"));
        }
        List<MachineProcess> others = machine.daemons();
        if (!others.isEmpty()) {
            MachineProcess other = others.get(0);
            return List.of(Finding.warning(
                    "daemon-elsewhere",
                    "No clockboundd serves in " + machine.runDirectory() + "; process " + other.pid() + " serves in "
                            + other.runDirectory() + ".",
                    "Clients that look in " + machine.runDirectory() + " get none.",
                    "Ask with --run-dir " + other.runDirectory() + ", or change run-dir of that daemon."));
        }
        return List.of(Finding.warning(
                "no-daemon",
                "No clockboundd runs here that can be seen, and none answers in " + machine.runDirectory() + ".",
                "Clients of a daemon get none; a service with an embedded clock needs no daemon.",
                "systemctl enable --now clockboundd"));
    }

    static List<Finding> processes(Machine machine) throws IOException {
        List<MachineProcess> all = machine.daemons();
        if (all.size() < 2) {
            return List.of();
        }
        return List.of(Finding.warning(
                "second-daemon",
                "Several daemons run: "
                        + all.stream()
                                .map(it -> it.pid() + " in " + it.runDirectory())
                                .collect(Collectors.joining(", ", "processes ", ".")),
                "Each serves its own directory; clients may ask the one that nobody looks after.",
                "systemctl status PID tells who started each; stop the one that is not wanted."));
    }

    static List<Finding> maxClockError(Machine machine) {
        long ppb = machine.setting("max_clock_error_ppb").orElse(USUAL_PPB);
        return ppb >= USUAL_PPB
                ? List.of()
                : List.of(Finding.warning(
                        "max-clock-error-small",
                        "max_clock_error is " + Text.ppm(ppb) + ", and few oscillators are that good.",
                        "It may miss true time when the temperature changes or the machine migrates.",
                        "max_clock_error = 15 in clockboundd.conf, or 50 for virtual machines"));
    }
}
