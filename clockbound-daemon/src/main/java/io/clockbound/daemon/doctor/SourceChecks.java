/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.doctor;

import io.clockbound.chrony.ChronySource;
import io.clockbound.chrony.ChronySource.Role;
import io.clockbound.chrony.ChronyState;
import io.clockbound.spi.ReferenceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The sources that chronyd has. */
final class SourceChecks {

    private static final int LOCAL_STRATUM = 10;
    private static final double CEILING_PPM = 1e6;

    /** Public servers that spread a leap second over a day: those of Amazon, and those of Google. */
    private static final Set<String> SMEARING = Set.of(
            "169.254.169.123",
            "fd00:ec2:0:0:0:0:0:123",
            "169.254.169.254",
            "216.239.35.0",
            "216.239.35.4",
            "216.239.35.8",
            "216.239.35.12",
            "2001:4860:4806:0:0:0:0:0",
            "2001:4860:4806:4:0:0:0:0",
            "2001:4860:4806:8:0:0:0:0",
            "2001:4860:4806:c:0:0:0:0");

    private SourceChecks() {}

    private static List<ChronySource> sources(Machine machine) {
        return machine.chronyd().map(ChronyState::sources).orElse(List.of());
    }

    private static String names(List<ChronySource> sources) {
        return sources.stream().map(ChronySource::name).collect(Collectors.joining(", "));
    }

    static List<Finding> count(Machine machine) {
        if (machine.chronyd().isEmpty()
                || machine.chronyd().get().sourcesRefused().isPresent()) {
            return List.of();
        }
        List<ChronySource> all = sources(machine);
        if (all.isEmpty()) {
            return List.of(Finding.fault(
                    "no-sources",
                    "chronyd has no source.",
                    "There is none.",
                    "A line such as 'pool 2.debian.pool.ntp.org iburst' in chrony.conf, then systemctl restart"
                            + " chrony"));
        }
        return List.of(
                all.size() == 1
                        ? Finding.note(
                                "one-source",
                                "chronyd has one source, " + names(all) + ", and nothing to compare it with.",
                                "It is as right as that one is honest.")
                        : Finding.fine("sources", "chronyd has " + all.size() + " sources: " + names(all) + "."));
    }

    static List<Finding> synchronization(Machine machine) {
        ChronyState state = machine.chronyd().orElse(null);
        if (state == null) {
            return List.of();
        }
        if (state.reference().equals(ReferenceId.LOCAL) && state.followed().isEmpty()) {
            return List.of(Finding.fault(
                    "local-mode",
                    "chronyd follows nothing but its own clock (reference id 7F7F0101).",
                    "There is none, because that clock says nothing of true time.",
                    "A reachable server in chrony.conf; in a closed network allow-local-reference in"
                            + " clockboundd.conf"));
        }
        boolean hasNone = state.sources().isEmpty() && state.sourcesRefused().isEmpty();
        if (state.isSynchronized() || hasNone) { // without sources that is said of their number
            return List.of();
        }
        return List.of(Finding.fault(
                "not-synchronised",
                "chronyd is not synchronised: " + whyNot(state) + ".",
                "There is none until it follows a source.",
                state.sources().stream().anyMatch(SourceChecks::isPassedOver) && !disagree(machine)
                        ? "'chronyc selectdata' tells why, a letter for each: maxdistance, maxjitter and minsources in"
                                + " chrony.conf keep sources from being selected, and so do noselect and maxdelay of a"
                                + " source"
                        : "See the findings about its sources, and 'chronyc sources'; after a start, three replies are"
                                + " needed."));
    }

    private static String whyNot(ChronyState state) {
        List<ChronySource> all = state.sources();
        List<ChronySource> heard = all.stream().filter(ChronySource::isHeard).toList();
        if (heard.isEmpty()) {
            return "none of its " + all.size() + " sources answers";
        }
        if (heard.stream().anyMatch(source -> source.role() == Role.FALSETICKER)) {
            return "its sources disagree, and no majority agrees";
        }
        return heard.stream().anyMatch(SourceChecks::isPassedOver)
                ? "it has heard " + names(heard) + " for long, and selects none"
                : "it has not yet chosen among " + names(heard);
    }

    private static boolean isPassedOver(ChronySource source) {
        return source.isHeardForLong() && source.role() != Role.FALSETICKER;
    }

    /** Tells whether some source contradicts others, so that those who are followed may be the wrong ones. */
    static boolean disagree(Machine machine) {
        return sources(machine).stream().anyMatch(source -> source.isHeard() && source.role() == Role.FALSETICKER);
    }

    static List<Finding> answers(Machine machine) {
        List<ChronySource> all = sources(machine);
        List<ChronySource> silent =
                all.stream().filter(source -> !source.isHeard()).toList();
        Optional<ChronySource> dead =
                silent.stream().filter(source -> source.role() == Role.SELECTED).findFirst();
        if (silent.isEmpty()) {
            return List.of();
        }
        if (silent.size() == all.size()) {
            return List.of(Finding.fault(
                    "all-sources-silent",
                    "None of chronyd's sources answers: " + names(silent) + ".",
                    "It grows, and ends after the holdover.",
                    "chronyc online, and see whether UDP port 123 of the servers can be reached: 'chronyc ntpdata'"
                            + " counts what was sent and received."));
        }
        if (dead.isPresent()) {
            return List.of(Finding.warning(
                    "dead-source-selected",
                    "chronyd still follows " + dead.get().name() + ", which does not answer, while others do.",
                    "It grows, and may end after the holdover, although good servers answer.",
                    "chronyc reselect; where chronyd then follows none, chronyc reset sources"));
        }
        return List.of(Finding.note(
                "silent-sources",
                "Of chronyd's " + all.size() + " sources these do not answer: " + names(silent) + ".",
                "It rests on the others."));
    }

    static List<Finding> stratum(Machine machine) {
        List<ChronySource> far = sources(machine).stream()
                .filter(source -> source.stratum() >= LOCAL_STRATUM && source.isHeard())
                .toList();
        return far.isEmpty()
                ? List.of()
                : List.of(Finding.warning(
                        "high-stratum",
                        names(far) + " " + (far.size() == 1 ? "is" : "are") + " at stratum "
                                + far.get(0).stratum()
                                + ": a server above may follow its own clock, as with 'local stratum 10'.",
                        "It may miss true time, if chronyd follows such a server.",
                        "maxstratum 9 behind the server in chrony.conf (chrony 4.9 and later), or another server"));
    }

    static List<Finding> agreement(Machine machine) {
        List<ChronySource> heard =
                sources(machine).stream().filter(ChronySource::isHeard).toList();
        List<ChronySource> false_ = heard.stream()
                .filter(source -> source.role() == Role.FALSETICKER)
                .toList();
        if (!false_.isEmpty() && false_.size() == heard.size()) {
            return List.of(Finding.warning(
                    "falsetickers",
                    "chronyd's sources disagree, and none is taken for right: " + names(false_) + ".",
                    "There is none until most of them agree.",
                    "Find out who is right ('chronyc sources' shows how far they are apart), remove the others from"
                            + " chrony.conf, and have at least four of different operators."));
        }
        if (!false_.isEmpty()) {
            return List.of(Finding.warning(
                    "falsetickers",
                    "chronyd takes these for wrong: " + names(false_) + ".",
                    "It rests on the others, and misses true time where those are wrong; with one wrong among two there"
                            + " is none.",
                    "Find out who is right before you remove one from chrony.conf: a majority may be wrong, too. Have at"
                            + " least four servers of different operators; on a LAN, servers that claim too little"
                            + " disagree: 'maxclockerror' and 'minsamples' at their side."));
        }
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i < heard.size(); i++) {
            for (int j = i + 1; j < heard.size(); j++) {
                if (!heard.get(i).agreesWith(heard.get(j))) {
                    pairs.add(heard.get(i).name() + " and " + heard.get(j).name() + " by "
                            + Text.seconds(Math.abs(
                                    heard.get(i).offsetSeconds() - heard.get(j).offsetSeconds())));
                }
            }
        }
        return pairs.isEmpty()
                ? List.of()
                : List.of(Finding.warning(
                        "sources-differ",
                        "Sources differ by more than they claim to be wrong: " + String.join("; ", pairs) + ".",
                        "One of them is wrong; if chronyd follows that one, it misses true time.",
                        "At least four servers in chrony.conf, of different operators, and 'minsources 3'"));
    }

    static List<Finding> combined(Machine machine) {
        List<ChronySource> combined = sources(machine).stream()
                .filter(source -> source.role() == Role.COMBINED)
                .toList();
        return combined.isEmpty()
                ? List.of()
                : List.of(Finding.note(
                        "combined-sources",
                        "chronyd combines the followed source with " + names(combined) + ".",
                        "It rests on the followed one's measurement, and is wider by what the others pull;"
                                + " 'combinelimit 0' in chrony.conf makes it narrower."));
    }

    static List<Finding> smeared(Machine machine) {
        List<ChronySource> smeared = sources(machine).stream()
                .filter(source -> SMEARING.contains(source.name()))
                .toList();
        List<ChronySource> others = sources(machine).stream()
                .filter(source -> !SMEARING.contains(source.name()))
                .toList();
        return smeared.isEmpty() || others.isEmpty()
                ? List.of()
                : List.of(Finding.warning(
                        "smeared-beside-unsmeared",
                        names(smeared) + " smears leap seconds, " + names(others) + " may not.",
                        "Around a leap second they differ by up to half a second or a second, and it is that of"
                                + " whichever chronyd follows.",
                        "Only servers of one kind in chrony.conf; the hardware clock of EC2 does not smear."));
    }

    static List<Finding> skew(Machine machine) {
        return machine.chronyd().stream()
                .filter(state -> state.isSynchronized() && state.skewPpm() >= CEILING_PPM)
                .map(state -> Finding.fault(
                        "skew-at-its-ceiling",
                        "chronyd says that it knows the frequency to a million ppm only.",
                        "There is none; after a first update that passes, otherwise not.",
                        "Remove maxsamples and maxupdateskew from chrony.conf."))
                .toList();
    }
}
