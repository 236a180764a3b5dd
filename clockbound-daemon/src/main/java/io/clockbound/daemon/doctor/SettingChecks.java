/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.doctor;

import io.clockbound.chrony.ChronyState;
import io.clockbound.daemon.doctor.ChronydStart.Directive;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Settings of chronyd that the bound meets, beside ours. */
final class SettingChecks {

    private static final double PPB = 1e3;
    private static final double DEFAULT_SLEW_PPM = 83_333.333;
    private static final double SLACK_PPM = 0.5;
    private static final double NANOS = 1e9;
    private static final double FLOAT_ERROR = 1.0 / (1 << 22); // of chrony's numbers, twice

    private SettingChecks() {}

    private static Optional<Directive> directive(Machine machine, String name) throws IOException {
        return ChronydStart.of(machine).flatMap(start -> start.directive(name));
    }

    static List<Finding> maxClockError(Machine machine) throws IOException {
        OptionalLong ours = machine.setting("max_clock_error_ppb");
        if (ours.isEmpty()) {
            return List.of();
        }
        Optional<Directive> set = directive(machine, "maxclockerror");
        Optional<Double> ppm = set.flatMap(it -> it.number(0));
        String evidence = set.map(it -> it.text() + " in " + it.where()).orElse("");
        if (ppm.isEmpty()) {
            ppm = measuredPpm(machine);
            evidence = "its dispersion grows by so much";
        }
        double oursPpm = ours.getAsLong() / PPB;
        return ppm.isPresent() && ppm.get() > oursPpm + SLACK_PPM
                ? List.of(Finding.warning(
                        "max-clock-error-below-chrony",
                        "chronyd reckons with an oscillator that is wrong by " + Text.ppm(ppm.get()) + " (" + evidence
                                + "), the daemon with " + Text.ppm(ours.getAsLong()) + ".",
                        "It may miss true time, if chrony's number is the honest one.",
                        "max_clock_error = " + (long) Math.ceil(ppm.get()) + " in clockboundd.conf"))
                : List.of();
    }

    /** Returns by how much more the dispersion grew between two replies than skew and residual frequency explain. */
    private static Optional<Double> measuredPpm(Machine machine) {
        ChronyState first = machine.chronyd().orElse(null);
        ChronyState later = machine.later().orElse(null);
        if (first == null || later == null || !first.isSameUpdateAs(later) || !first.isSynchronized()) {
            return Optional.empty();
        }
        double seconds = (later.askedNanos() - first.askedNanos()) / NANOS;
        double grown = later.rootDispersionSeconds() - first.rootDispersionSeconds();
        double lost = later.rootDispersionSeconds() * FLOAT_ERROR;
        double ppm = (grown - lost) / seconds * 1e6 - first.skewPpm() - Math.abs(first.residualFrequencyPpm());
        return seconds > 0 ? Optional.of(ppm) : Optional.empty();
    }

    static List<Finding> maxSlewRate(Machine machine) throws IOException {
        Optional<Directive> set = directive(machine, "maxslewrate");
        double theirs = set.flatMap(it -> it.number(0)).orElse(DEFAULT_SLEW_PPM);
        OptionalLong ours = machine.setting("max_slew_rate_ppb");
        boolean isSlewing =
                ChronydStart.of(machine).filter(it -> !it.isUndisciplined()).isPresent();
        if (ours.isPresent() && isSlewing && theirs * PPB > ours.getAsLong() + 1) {
            return List.of(Finding.fault(
                    "max-slew-rate-below-chrony",
                    "The daemon is told max-slew-rate=" + Text.ppm(ours.getAsLong()) + ", but chronyd may slew by "
                            + Text.ppm(theirs)
                            + set.map(it -> " (" + it.where() + ").").orElse(", its default."),
                    "It may miss true time while chronyd slews faster than that.",
                    "maxslewrate " + Text.number(ours.getAsLong()) + " in chrony.conf, or max-slew-rate = "
                            + (long) Math.ceil(theirs) + " in clockboundd.conf"));
        }
        return ours.isEmpty() && set.isPresent() && isSlewing && machine.isReported()
                ? List.of(Finding.warning(
                        "max-slew-rate-unset",
                        set.get().text() + " in " + set.get().where() + ", of which the daemon is not told.",
                        "A slew that begins between two polls is not in it.",
                        "max-slew-rate = " + (long) Math.ceil(theirs) + " in clockboundd.conf"))
                : List.of();
    }

    static List<Finding> makeStep(Machine machine) throws IOException {
        Optional<Directive> set = directive(machine, "makestep");
        boolean isUndisciplined =
                ChronydStart.of(machine).filter(ChronydStart::isUndisciplined).isPresent();
        return set.isPresent() && set.get().number(1).orElse(0.0) < 0
                ? List.of(Finding.warning(
                        "makestep-always",
                        set.get().text() + " in " + set.get().where() + ": chronyd may step the clock at any time.",
                        isUndisciplined
                                ? "A chronyd before 4.7 that was started with -x forgets what it may not step; it is"
                                        + " wider by that."
                                : "Each step ends it until chronyd has measured anew.",
                        "makestep 1 3 in chrony.conf, which steps at the start only"))
                : List.of();
    }

    static List<Finding> maxChange(Machine machine) throws IOException {
        return directive(machine, "maxchange").stream()
                .map(it -> Finding.warning(
                        "maxchange",
                        it.text() + " in " + it.where() + ": chronyd ignores larger offsets that it measures, and ends"
                                + " when there are too many.",
                        "It is as wide as what chronyd ignores; 5 s after chronyd's end there is none.",
                        "Remove maxchange from chrony.conf, or set the alert ClockBoundWide in its place."))
                .toList();
    }

    static List<Finding> local(Machine machine) throws IOException {
        return directive(machine, "local").stream()
                .map(it -> Finding.warning(
                        "local",
                        it.text() + " in " + it.where() + ": without sources this chronyd serves its own clock as"
                                + " the time.",
                        "There is none then here; who follows this chronyd takes its clock for true time.",
                        "Remove local from chrony.conf; in a closed network set allow-local-reference in"
                                + " clockboundd.conf."))
                .toList();
    }

    static List<Finding> maxSamples(Machine machine) throws IOException {
        Optional<Directive> set = directive(machine, "maxsamples");
        return set.isPresent()
                        && set.get().number(0).map(it -> it > 0 && it < 3).orElse(false)
                ? List.of(Finding.fault(
                        "maxsamples",
                        set.get().text() + " in " + set.get().where() + ": chronyd needs three to know a frequency.",
                        "There is none, for ever: the skew stays at a million ppm.",
                        "Remove maxsamples from chrony.conf, or set it to 4 at least."))
                : List.of();
    }

    static List<Finding> restart(Machine machine) throws IOException {
        Optional<ChronydStart> start = ChronydStart.of(machine);
        return start
                .filter(it -> it.isUndisciplined() && it.isRestored())
                .filter(it -> it.directive("driftfile").isEmpty())
                .map(it -> Finding.warning(
                        "samples-without-driftfile",
                        "chronyd, process " + it.process().pid()
                                + ", was started with -x and -r, and its configuration has no driftfile.",
                        "After each restart of chronyd it is wide for some updates: chronyd forgets the frequency.",
                        "driftfile /var/lib/chrony/chrony.drift in chrony.conf"))
                .stream()
                .toList();
    }
}
