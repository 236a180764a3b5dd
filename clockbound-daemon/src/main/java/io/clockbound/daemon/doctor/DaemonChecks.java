/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.doctor;

import io.clockbound.BoundSettings;
import io.clockbound.daemon.Sentence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether a daemon runs and answers, and what it says of itself. */
final class DaemonChecks {

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private DaemonChecks() {}

    static List<Finding> clock(Machine machine) {
        if (!machine.isReported()) {
            return List.of();
        }
        String status = machine.reported("status");
        String why = machine.reported("why");
        if (!"true".equals(machine.reported("is_trusted"))) {
            return List.of(Finding.fault(
                    "not-trusted",
                    Sentence.of("The daemon says that its clock is not trusted, status " + status + ": " + why),
                    "There is none.",
                    "Do what the faults above, or the reason, say; 'clockboundctl wait' tells when it is over."));
        }
        if (!status.equals("FREE_RUNNING")) {
            return List.of(Finding.fine("trusted", "The daemon serves a trusted clock."));
        }
        String result = machine.reported("last_poll", "result");
        return List.of(Finding.warning(
                "free-running",
                Sentence.of("The daemon's clock runs free: " + why),
                "It grows, contains true time, and ends in " + secondsOfTrust(machine) + " s unless a poll renews it.",
                switch (result) {
                    case "SYNCHRONIZED" ->
                        "A poll-interval of at most 5s in clockboundd.conf, and processor time for the daemon.";
                    case "FREE_RUNNING" -> "Bring back chronyd's sources: 'chronyc sources' shows them.";
                    default -> "Do what the faults above, or the reason, say.";
                }));
    }

    private static long secondsOfTrust(Machine machine) {
        String left = machine.reported("bound", "trust_ends_in_ns");
        return left.isEmpty() ? 0 : Long.parseLong(left) / NANOS_PER_SECOND;
    }

    static List<Finding> answers(Machine machine) throws IOException {
        if (machine.isReported()) {
            return List.of();
        }
        Optional<MachineProcess> daemon = machine.daemon();
        if (daemon.isPresent() && daemon.get().isStopped()) {
            int pid = daemon.get().pid();
            return List.of(Finding.fault(
                    "daemon-stopped",
                    "clockboundd, process " + pid + ", was stopped by a signal or a debugger, and does not answer in "
                            + machine.runDirectory() + ".",
                    "Clients that look there get none.",
                    "kill -CONT " + pid + ", or systemctl restart clockboundd"));
        }
        if (daemon.isPresent() && ServingChecks.hasNoSockets(machine)) {
            String process = "clockboundd runs as process " + daemon.get().pid();
            return List.of(
                    ServingChecks.areSocketsBound(machine)
                            ? Finding.fault(
                                    "daemon-does-not-answer",
                                    process + ", and another program removed its sockets from " + machine.runDirectory()
                                            + ".",
                                    "Clients of the sockets get none; those of the shared memory notice nothing.",
                                    "systemctl restart clockboundd")
                            : Finding.note(
                                    "no-sockets",
                                    process + " and serves no socket in " + machine.runDirectory()
                                            + ": its transport is shm alone, or it was just started.",
                                    "Clients of the sockets get none, and what the daemon says of itself is missing here."));
        }
        if (daemon.isPresent()) {
            return ServingChecks.isDenied(machine)
                    ? List.of() // said of the sockets
                    : List.of(Finding.fault(
                            "daemon-does-not-answer",
                            Sentence.of("clockboundd runs as process "
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
        List<MachineProcess> elsewhere = machine.daemonsElsewhere();
        if (!elsewhere.isEmpty()) {
            MachineProcess other = elsewhere.get(0);
            return List.of(Finding.warning(
                    "daemon-in-container",
                    "No clockboundd serves in " + machine.runDirectory() + " of this mount namespace; process "
                            + other.pid() + " serves in " + other.runDirectory() + " of another (container?).",
                    "Clients that look in " + machine.runDirectory() + " here get none.",
                    "Ask as root with --run-dir " + other.throughItsRoot(machine, other.runDirectory()) + ", or mount "
                            + other.runDirectory() + " of the host into that container."));
        }
        return List.of(Finding.warning(
                "no-daemon",
                "No clockboundd runs here that can be seen, and none answers in " + machine.runDirectory() + ".",
                "Clients of a daemon get none; a service with an embedded clock needs no daemon.",
                "systemctl enable --now clockboundd"));
    }

    static List<Finding> warnings(Machine machine) {
        return machine.report().get("warnings") instanceof List<?> warnings
                ? warnings.stream()
                        .map(warning -> warning(String.valueOf(warning)))
                        .toList()
                : List.of();
    }

    private static Finding warning(String text) {
        String fact = Sentence.of("The daemon warns: " + text);
        return text.startsWith("Not serving ")
                ? Finding.warning(
                        "not-serving",
                        fact,
                        "Who looks there gets none.",
                        "Do what the warning says, then systemctl restart clockboundd")
                : Finding.warning(
                        "daemon-warns", fact, "As the warning says.", "Do what the warning says, where it says it.");
    }

    static List<Finding> processes(Machine machine) throws IOException {
        List<MachineProcess> here = machine.daemons();
        List<MachineProcess> elsewhere = machine.daemonsElsewhere();
        List<Finding> findings = new ArrayList<>();
        if (here.size() > 1) {
            findings.add(Finding.warning(
                    "second-daemon",
                    "Several daemons run: processes " + directories(here) + ".",
                    "Each serves its own directory; clients may ask the one that nobody looks after.",
                    "systemctl status PID tells who started each; stop the one that is not wanted."));
        }
        boolean isOnly = here.isEmpty() && !machine.isReported(); // said of the answers
        if (!elsewhere.isEmpty() && !isOnly) {
            findings.add(Finding.note(
                    "daemon-in-other-namespace",
                    "In another mount namespace (container?) clockboundd runs as process " + directories(elsewhere)
                            + ".",
                    "Nothing: no client here sees that directory."));
        }
        return findings;
    }

    private static String directories(List<MachineProcess> daemons) {
        return daemons.stream().map(it -> it.pid() + " in " + it.runDirectory()).collect(Collectors.joining(", "));
    }

    static List<Finding> maxClockError(Machine machine) {
        long ppb = machine.maxClockErrorPpb();
        return ppb >= BoundSettings.DEFAULTS.maxClockErrorPpb()
                ? List.of()
                : List.of(Finding.warning(
                        "max-clock-error-small",
                        "max_clock_error is " + Text.ppm(ppb) + ", and few oscillators are that good.",
                        "It may miss true time when the temperature changes or the machine migrates.",
                        "max_clock_error = 15 in clockboundd.conf, or 50 for virtual machines"));
    }
}
