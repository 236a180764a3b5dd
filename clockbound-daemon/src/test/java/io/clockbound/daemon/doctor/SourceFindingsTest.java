/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.chrony.ChronySource.Role;
import io.clockbound.daemon.doctor.SetUp.State;
import io.clockbound.spi.LeapStatus;
import io.clockbound.spi.ReferenceId;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;

/** What chronyd follows. */
class SourceFindingsTest extends WrongSetUps {

    @Test
    void aChronydWithoutSourcesHasOneFaultForThat() throws IOException {
        SetUp setUp = new SetUp(root)
                .state(new State()
                        .with(state -> state.leap = LeapStatus.UNSYNCHRONIZED)
                        .sources());
        assertThat(Doctor.findings(setUp.machine()))
                .filteredOn(finding -> finding.severity() == Severity.FAULT)
                .extracting(Finding::name)
                .containsExactly("no-sources");
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                fault("no source", it -> it.sources(), "no-sources", "pool 2.debian.pool.ntp.org iburst"),
                fault(
                        "chronyd follows its own clock",
                        it -> it.state(new State().with(state -> {
                            state.reference = ReferenceId.LOCAL;
                            state.followed = "";
                        })),
                        "local-mode",
                        "allow-local-reference"),
                fault(
                        "not synchronised",
                        it -> it.state(unsynchronized(SetUp.server(SetUp.SERVER).reach(3))),
                        "not-synchronised",
                        "chronyc sources"),
                fault(
                        "chronyd hears its sources for long and selects none",
                        it -> it.state(unsynchronized(SetUp.server(SetUp.SERVER).role(Role.UNUSABLE))),
                        "not-synchronised",
                        "chronyc selectdata"),
                warning(
                        "local stratum 10 somewhere above",
                        it -> it.sources(SetUp.server(SetUp.SERVER).stratum(10)),
                        "high-stratum",
                        "maxstratum 9"),
                warning(
                        "a dead source is followed while others answer",
                        it -> it.sources(
                                SetUp.server(SetUp.SERVER).reach(0),
                                SetUp.server(SetUp.OTHER).role(Role.SELECTABLE)),
                        "dead-source-selected",
                        "chronyc reselect"),
                fault(
                        "no source answers",
                        it -> it.sources(SetUp.server(SetUp.SERVER).reach(0)),
                        "all-sources-silent",
                        "chronyc online"),
                warning(
                        "falsetickers",
                        it -> it.sources(
                                SetUp.server(SetUp.SERVER),
                                SetUp.server(SetUp.OTHER).role(Role.FALSETICKER)),
                        "falsetickers",
                        "Find out who is right before you remove one"),
                warning(
                        "two servers, and neither is taken for right",
                        it -> it.sources(
                                SetUp.server(SetUp.SERVER).role(Role.FALSETICKER),
                                SetUp.server(SetUp.OTHER).role(Role.FALSETICKER)),
                        "falsetickers",
                        "Find out who is right"),
                warning(
                        "sources differ, and chronyd has not noticed",
                        it -> it.sources(
                                SetUp.server(SetUp.SERVER),
                                SetUp.server(SetUp.OTHER).role(Role.SELECTABLE).offset(0.05)),
                        "sources-differ",
                        "minsources 3"),
                warning(
                        "a smearing server beside one that does not",
                        it -> it.sources(
                                SetUp.server("169.254.169.123"),
                                SetUp.server(SetUp.OTHER).role(Role.SELECTABLE)),
                        "smeared-beside-unsmeared",
                        "one kind"),
                fault(
                        "a skew at its ceiling",
                        it -> it.state(new State().with(state -> state.skew = 1e6)),
                        "skew-at-its-ceiling",
                        "maxupdateskew"),
                fault(
                        "a reference clock of unknown error",
                        it -> it.reported("is_trusted", false).state(new State().with(state -> {
                                    state.reference = ReferenceId.ofClock("PHC0");
                                    state.followed = "";
                                })),
                        "reference-clock-error-unknown",
                        "reference-error = PHC0="),
                warning(
                        "the ENA driver that comes with Linux",
                        it -> it.file("/sys/bus/pci/drivers/ena/0000:00:05.0/ptp/ptp0/clock_name", "ena-ptp-00\n"),
                        "ena-driver-in-tree",
                        "phc_enable=1"),
                warning(
                        "another program moves the clock",
                        it -> it.state(new State().with(state -> {
                            state.lastOffset = 0.02;
                            state.rmsOffset = 0.02;
                        })),
                        "clock-moves-by-itself",
                        "CAP_SYS_TIME"));
    }

    private static State unsynchronized(SetUp.Source source) {
        return new State().sources(source).with(state -> state.leap = LeapStatus.UNSYNCHRONIZED);
    }
}
