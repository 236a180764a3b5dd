/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.chrony.ChronySource.Role;
import io.clockbound.daemon.doctor.SetUp.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;

/** How the chronyd that runs was started, and what its configuration means for the daemon. */
class StartFindingsTest extends WrongSetUps {

    /** The kernel tells the boot to a second, and the start to a hundredth of one after that. */
    @Test
    void aConfigurationThatWasWrittenJustBeforeTheStartHasBeenRead() throws IOException {
        Path conf = new SetUp(root)
                .file("/etc/chrony/chrony.conf", "server 192.0.2.1\n")
                .root
                .resolve("etc/chrony/chrony.conf");
        SetUp setUp = new SetUp(root).startedAt(SetUp.CHRONYD, 100_000_099);
        Files.setLastModifiedTime(conf, FileTime.from(Instant.ofEpochSecond(1_701_000_001L, 800_000_000)));
        assertThat(Doctor.findings(setUp.machine()))
                .anyMatch(finding -> finding.name().equals("chronyd-config"));
    }

    @Test
    void theHelperThatChronydStartsIsNotASecondChronyd() throws IOException {
        SetUp setUp = new SetUp(root)
                .process(101, "chronyd", "/usr/sbin/chronyd", "-F", "1")
                .status(101, "chronyd", "S", SetUp.CHRONYD, 0, 0);
        assertThat(Doctor.findings(setUp.machine()))
                .noneMatch(finding -> finding.name().equals("several-chronyds"));
    }

    @Test
    void aBoundAroundSourcesThatDisagreeIsNotToBeMadeNarrower() throws IOException {
        SetUp setUp = new SetUp(root)
                .chronyd("chronyd", "-x")
                .sources(SetUp.server(SetUp.SERVER), SetUp.server(SetUp.OTHER).role(Role.FALSETICKER))
                .reported("bound", Map.of("now_ns", 251_000_000L, "terms", Map.of("correction_ns", 250_000_000L)));
        assertThat(Doctor.findings(setUp.machine()))
                .extracting(Finding::name)
                .contains("chronyd-x", "falsetickers")
                .doesNotContain("slews-not-excluded");
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                fault(
                        "-x, and clock=disciplined",
                        it -> it.chronyd("chronyd", "-dx").setting("clock", "disciplined"),
                        "clock-setting-wrong",
                        "clock = auto"),
                fault(
                        "no -x, and clock=undisciplined",
                        it -> it.setting("clock", "undisciplined"),
                        "clock-setting-wrong",
                        "clock = auto"),
                warning(
                        "-x, and most of the bound is for slews that do not come",
                        it -> it.chronyd("chronyd", "-x")
                                .reported(
                                        "bound",
                                        Map.of("now_ns", 2_503_000L, "terms", Map.of("correction_ns", 2_500_000L))),
                        "slews-not-excluded",
                        "clock = undisciplined"),
                fault(
                        "two chronyds set the clock",
                        it -> it.process(150, "chronyd", "chronyd", "-f", "/b.conf")
                                .file("/b.conf", "cmdport 400\n"),
                        "several-chronyds",
                        "stop all but one"),
                warning(
                        "the configuration was changed after the start",
                        it -> it.file("/etc/chrony/chrony.conf", "server 192.0.2.1\n"),
                        "chronyd-config-newer",
                        "systemctl restart chrony"),
                warning(
                        "chronyd reckons with a worse oscillator than the daemon",
                        it -> it.conf("maxclockerror 50"),
                        "max-clock-error-below-chrony",
                        "max_clock_error = 50"),
                warning(
                        "it does so in a file that an include names",
                        it -> it.conf("confdir /etc/chrony/conf.d")
                                .file("/etc/chrony/conf.d/a.conf", "maxclockerror 80\n"),
                        "max-clock-error-below-chrony",
                        "max_clock_error = 80"),
                warning(
                        "its dispersion shows it, and no file",
                        it -> it.later(new State().with(state -> {
                            state.nanos = 1_000_000_000;
                            state.dispersion = 0.0005 + 40e-6;
                        })),
                        "max-clock-error-below-chrony",
                        "max_clock_error = 40"),
                fault(
                        "chronyd may slew faster than the daemon is told",
                        it -> it.setting("max_slew_rate_ppb", 500_000L),
                        "max-slew-rate-below-chrony",
                        "maxslewrate 500"),
                warning(
                        "the daemon is not told of maxslewrate",
                        it -> it.conf("maxslewrate 500"),
                        "max-slew-rate-unset",
                        "max-slew-rate = 500"),
                warning("makestep at any time", it -> it.conf("makestep 0.1 -1"), "makestep-always", "makestep 1 3"),
                warning("maxchange", it -> it.conf("maxchange 0.1 1 -1"), "maxchange", "Remove maxchange"),
                warning("local", it -> it.conf("local stratum 10"), "local", "Remove local"),
                warning(
                        "local, where -f names another file than /etc has",
                        it -> it.chronyd("chronyd", "-f", "/x/y.conf").file("/x/y.conf", "! comment\nlocal\n"),
                        "local",
                        "Remove local"),
                fault("maxsamples 1", it -> it.conf("maxsamples 1"), "maxsamples", "Remove maxsamples"),
                warning(
                        "samples of before without a drift file",
                        it -> it.chronyd("chronyd", "-x", "-r", "dumpdir /d", "server 192.0.2.1"),
                        "samples-without-driftfile",
                        "driftfile /var"));
    }
}
