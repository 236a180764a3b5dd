/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.chrony.ChronySource.Role;
import io.clockbound.chrony.ChronyWay.Result;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds whatever is looked at. */
class DoctorTest {

    @TempDir
    Path root;

    @Test
    void inASetUpThatIsInOrderNothingHasToBeMended() throws IOException {
        assertThat(Doctor.findings(new SetUp(root).machine()))
                .noneMatch(finding -> finding.name().equals("could-not-look"))
                .allMatch(finding -> finding.severity().exitCode() == 0)
                .hasSizeGreaterThan(5);
    }

    @Test
    void aLookThatFailsIsANoteAndTheOthersGoOn() throws IOException {
        SetUp setUp = new SetUp(root).conf("maxchange 0.1 1 -1");
        Machine machine = setUp.machine();
        setUp.delete("/sys/devices/system/clocksource/clocksource0/current_clocksource");
        setUp.file("/proc/200/limits", "").delete("/proc/200/limits");
        assertThat(Doctor.findings(machine))
                .filteredOn(finding -> finding.name().equals("could-not-look"))
                .extracting(Finding::severity, finding -> finding.fact().replaceFirst(": .*", ""))
                .containsExactly(
                        Assertions.tuple(Severity.NOTE, "could not look at the clock source"),
                        Assertions.tuple(Severity.NOTE, "could not look at the daemon's descriptors"));
        assertThat(Doctor.findings(machine)).anyMatch(finding -> finding.name().equals("maxchange"));
    }

    @Test
    void whatThisUserMayNotReadIsOneNote() throws IOException {
        Map<String, Check> checks = new LinkedHashMap<>();
        for (String subject : List.of("the daemon's tasks", "chronyd's process", "the segments")) {
            checks.put(subject, machine -> {
                throw new AccessDeniedException("/proc/" + subject.length());
            });
        }
        assertThat(Doctor.findings(new SetUp(root).machine(), checks))
                .extracting(Finding::fact)
                .containsExactly(
                        "could not look at the daemon's tasks, chronyd's process, the segments: this user may not"
                                + " read /proc/12, /proc/17, /proc/18; run this as root");
    }

    @Test
    void theDocumentHasEveryWrongSetUp() throws IOException {
        String document = Files.readString(Path.of("../docs/DOCTOR.md"));
        assertThat(Stream.of(
                                ReachFindingsTest.wrong(),
                                StartFindingsTest.wrong(),
                                SourceFindingsTest.wrong(),
                                HostFindingsTest.wrong(),
                                ServingFindingsTest.wrong())
                        .flatMap(cases -> cases)
                        .map(Arguments::get))
                .hasSizeGreaterThan(25)
                .allSatisfy(wrong -> assertThat(document)
                        .contains("| " + wrong[0] + " |", "`" + wrong[3] + "`", String.valueOf(wrong[4])));
    }

    @Test
    void nothingButTheDoctorKnowsTheTimeSourceByName() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".java"))
                            .filter(file -> !file.toString().contains("/doctor/")))
                    .hasSizeGreaterThan(50)
                    .allSatisfy(
                            file -> assertThat(Files.readString(file)).doesNotContain("import io.clockbound.chrony"));
        }
    }

    @Test
    void nothingCanBeSeenAndNothingBreaks() {
        Machine machine = new Machine(
                root.resolve("none"),
                List.of(),
                Optional.empty(),
                Map.of(),
                "nobody",
                root.resolve("a"),
                root.resolve("b"));
        assertThat(Doctor.findings(machine))
                .isNotEmpty()
                .allMatch(finding -> finding.name().equals("could-not-look"));
    }

    @ParameterizedTest
    @MethodSource
    void whatIsWorthKnowingIsANoteWithoutARemedy(String name, Consumer<SetUp> change) throws IOException {
        SetUp setUp = new SetUp(root);
        change.accept(setUp);
        List<Finding> findings = Doctor.findings(setUp.machine());
        assertThat(findings).allMatch(finding -> finding.severity().exitCode() == 0);
        assertThat(findings)
                .filteredOn(finding -> finding.name().equals(name))
                .extracting(Finding::severity, Finding::remedy)
                .containsExactly(Assertions.tuple(Severity.NOTE, ""));
    }

    static Stream<Arguments> whatIsWorthKnowingIsANoteWithoutARemedy() {
        return Stream.of(
                note("chronyd-x", it -> it.chronyd("chronyd", "-F1", "-x")),
                note("one-source", it -> it.sources(SetUp.server(SetUp.SERVER))),
                note(
                        "silent-sources",
                        it -> it.sources(
                                SetUp.server(SetUp.SERVER),
                                SetUp.server(SetUp.OTHER).role(Role.UNUSABLE).reach(0))),
                note(
                        "combined-sources",
                        it -> it.sources(
                                SetUp.server(SetUp.SERVER),
                                SetUp.server(SetUp.OTHER).role(Role.COMBINED))),
                note("no-vmclock", it -> it.file("/proc/cpuinfo", "flags\t: fpu hypervisor tsc\n")),
                note(
                        "no-sockets",
                        it -> it.withoutDaemon()
                                .daemonOption("--run-dir=" + it.runDirectory, "--transport=shm")
                                .file("/run/clockboundd/clockboundd.pid", "200")
                                .file("/proc/net/unix", "0: 2 0 0 2 1 88 /run/other.sock\n")),
                note("no-unit", it -> it.file("/proc/200/cgroup", "0::/\n")),
                note("no-class-archive", it -> it.daemon("java", "io.clockbound.daemon.ClockBoundDaemon")));
    }

    @Test
    void theCauseStandsAboveTheClockThatIsNotTrusted() throws IOException {
        SetUp setUp =
                new SetUp(root).way(Result.NOBODY_LISTENS, "connection refused").reported("is_trusted", false);
        assertThat(Doctor.findings(
                        setUp.delete("/proc/" + SetUp.CHRONYD + "/status").machine()))
                .extracting(Finding::name)
                .startsWith("chronyd-not-running", "not-trusted");
    }

    private static Arguments note(String name, Consumer<SetUp> change) {
        return Arguments.arguments(name, change);
    }
}
