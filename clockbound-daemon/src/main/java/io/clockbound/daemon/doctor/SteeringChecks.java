/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.doctor;

import io.clockbound.chrony.ChronyState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Who else sets the clock. */
final class SteeringChecks {

    private static final double PPB = 1e9;

    /** Programs that set the system clock, by the 15 characters that the kernel keeps, and what stops them. */
    private static final Map<String, String> PROGRAMS = Map.of(
            "ntpd", "systemctl disable --now ntpsec ntp openntpd (the one that is there)",
            "ntp-daemon", "systemctl disable --now ntpd-rs",
            "systemd-timesyn", "systemctl disable --now systemd-timesyncd",
            "phc2sys", "systemctl disable --now phc2sys, or run it with -c of another clock than CLOCK_REALTIME",
            "VBoxService", "VBoxService --disable-timesync",
            "timemaster", "systemctl disable --now timemaster");

    private SteeringChecks() {}

    static List<Finding> programs(Machine machine) throws IOException {
        List<Finding> findings = new ArrayList<>();
        for (MachineProcess process : MachineProcess.all(machine)) {
            String remedy = PROGRAMS.get(process.name());
            if (remedy != null && !isOfAnotherClock(process) && process.maySetClock(machine)) {
                findings.add(Finding.fault(
                        "steered-by-" + process.name(),
                        process.name() + ", process " + process.pid() + ", sets the clock beside chronyd.",
                        "It may miss true time: what that program does between two measurements of chronyd, chronyd"
                                + " does not report.",
                        remedy));
            }
        }
        return findings.isEmpty()
                ? List.of(Finding.fine("steered-alone", "No other program that sets clocks runs here."))
                : findings;
    }

    /** Tells whether it is phc2sys from the system clock to another, which leaves the system clock alone. */
    private static boolean isOfAnotherClock(MachineProcess process) {
        int clock = process.arguments().indexOf("-c");
        return process.name().equals("phc2sys")
                && clock > 0
                && clock + 1 < process.arguments().size()
                && !process.arguments().get(clock + 1).equals("CLOCK_REALTIME");
    }

    /**
     * Compares what updates find with what they can find when nobody else touches the clock: twice the error of a measurement,
     * and what the oscillator does between two.
     */
    static List<Finding> movement(Machine machine) {
        ChronyState state = machine.chronyd().orElse(null);
        if (state == null || !state.isSynchronized() || state.lastUpdateIntervalSeconds() <= 0) {
            return List.of();
        }
        double driftPpb = machine.maxClockErrorPpb() + state.skewPpm() * 1e3;
        double expected = state.rootDelaySeconds()
                + 2 * state.rootDispersionSeconds()
                + driftPpb / PPB * state.lastUpdateIntervalSeconds();
        double found = Math.min(Math.abs(state.lastOffsetSeconds()), state.rmsOffsetSeconds());
        if (found <= expected) {
            return List.of();
        }
        boolean isAlternating = machine.later()
                .filter(later -> !later.isSameUpdateAs(state))
                .filter(later -> Math.signum(later.lastOffsetSeconds()) != Math.signum(state.lastOffsetSeconds()))
                .isPresent();
        return List.of(Finding.warning(
                "clock-moves-by-itself",
                "chronyd's last update found the clock off by " + Text.seconds(Math.abs(state.lastOffsetSeconds()))
                        + (isAlternating ? ", the next one on the other side" : "") + ", and updates do by "
                        + Text.seconds(state.rmsOffsetSeconds()) + " on average; measurements and an oscillator of that"
                        + " quality explain " + Text.seconds(expected) + ".",
                "It may miss true time: a source's time jumped, or another program sets the clock, or the oscillator is"
                        + " worse than max_clock_error says.",
                "See whether the sources agree ('chronyc sources'). Look for programs with CAP_SYS_TIME: ntpd, phc2sys, hypervisor agents, containers ('journalctl -u"
                        + " chrony' tells of interference from chrony 4.7 on); else raise max_clock_error."));
    }
}
