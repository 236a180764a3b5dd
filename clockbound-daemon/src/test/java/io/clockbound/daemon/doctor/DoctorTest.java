/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.chrony.ChronySource.Role;
import io.clockbound.chrony.ChronyWay.Result;
import io.clockbound.daemon.doctor.SetUp.State;
import io.clockbound.spi.LeapStatus;
import io.clockbound.spi.ReferenceId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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

/** What is found in set-ups that are wrong, each in one way. */
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
    void theDocumentHasEveryWrongSetUp() throws IOException {
        String document = Files.readString(Path.of("../docs/DOCTOR.md"));
        assertThat(aWrongSetUpIsNamedWithItsRemedy().map(Arguments::get))
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
                note("no-unit", it -> it.file("/proc/200/cgroup", "0::/\n")),
                note("no-class-archive", it -> it.daemon("java", "io.clockbound.daemon.ClockBoundDaemon")));
    }

    @Test
    void aPhc2sysThatLeavesTheSystemClockAloneIsInOrder() throws IOException {
        SetUp setUp = new SetUp(root).process(400, "phc2sys", "phc2sys", "-s", "CLOCK_REALTIME", "-c", "eth0");
        assertThat(Doctor.findings(setUp.machine()))
                .anyMatch(finding -> finding.name().equals("steered-alone"));
    }

    @Test
    void theHelperThatChronydStartsIsNotASecondChronyd() throws IOException {
        SetUp setUp = new SetUp(root)
                .process(101, "chronyd", "/usr/sbin/chronyd", "-F", "1")
                .status(101, "chronyd", "S", SetUp.CHRONYD, 0, 0);
        assertThat(Doctor.findings(setUp.machine()))
                .noneMatch(finding -> finding.name().equals("several-chronyds"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void aWrongSetUpIsNamedWithItsRemedy(
            String what, Consumer<SetUp> wrong, Severity severity, String name, String remedy) throws IOException {
        SetUp setUp = new SetUp(root);
        wrong.accept(setUp);
        List<Finding> findings = Doctor.findings(setUp.machine());
        Optional<Finding> found =
                findings.stream().filter(finding -> finding.name().equals(name)).findFirst();
        assertThat(found).as("%s in %s", name, findings).isPresent();
        assertThat(found.get().severity()).isEqualTo(severity);
        assertThat(found.get().remedy()).contains(remedy);
        assertThat(found.get().fact()).matches("(?s).{20,}[.?!]").doesNotContain("..", "null");
        assertThat(found.get().consequence()).isNotBlank();
        assertThat(findings).noneMatch(finding -> finding.name().equals("could-not-look"));
    }

    static Stream<Arguments> aWrongSetUpIsNamedWithItsRemedy() {
        return Stream.of(
                        chronydCannotBeAsked(),
                        chronydIsWronglyStarted(),
                        sourcesAreWrong(),
                        hostIsWrong(),
                        servingIsWrong())
                .flatMap(cases -> cases);
    }

    private static Stream<Arguments> chronydCannotBeAsked() {
        return Stream.of(
                fault(
                        "no chronyd runs",
                        it -> it.way(Result.NOBODY_LISTENS, "connection refused")
                                .delete("/proc/" + SetUp.CHRONYD + "/status"),
                        "chronyd-not-running",
                        "systemctl enable --now chrony"),
                fault(
                        "chronyd listens elsewhere",
                        it -> it.way(Result.NOBODY_LISTENS, "connection refused"),
                        "chronyd-elsewhere",
                        "time-source-option = address="),
                fault(
                        "chronyd's socket may not be reached",
                        it -> it.way(Result.DENIED, "permission denied: this user may not enter"),
                        "chronyd-permission",
                        "chrony-socket.conf"),
                fault(
                        "chronyd does not answer this host",
                        it -> it.way(Result.SILENT, "no reply"),
                        "chronyd-silent",
                        "cmdallow"),
                fault(
                        "chronyd is stopped",
                        it -> it.way(Result.SILENT, "no reply")
                                .status(SetUp.CHRONYD, "chronyd", "T (stopped)", 1, 999, 0),
                        "chronyd-stopped",
                        "kill -CONT 100"),
                fault(
                        "opencommands without tracking",
                        it -> it.way(Result.REFUSES, "UNAUTH"),
                        "chronyd-refuses",
                        "opencommands tracking sources"),
                fault(
                        "opencommands without sources",
                        it -> it.state(new State().with(state -> state.refused = Optional.of("UNAUTH"))),
                        "sources-refused",
                        "opencommands tracking sources"));
    }

    private static Stream<Arguments> chronydIsWronglyStarted() {
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

    private static Stream<Arguments> sourcesAreWrong() {
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
                        it -> it.state(new State().with(state -> state.leap = LeapStatus.UNSYNCHRONIZED)),
                        "not-synchronised",
                        "chronyc sources"),
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
                        "at least four servers"),
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

    private static Stream<Arguments> hostIsWrong() {
        return Stream.of(
                steeredBy("ntpd", "systemctl disable"),
                steeredBy("systemd-timesyn", "systemctl disable --now systemd-timesyncd"),
                steeredBy("phc2sys", "systemctl disable --now phc2sys"),
                warning("the kernel gave up the TSC", it -> it.clockSource("hpet"), "clock-source-slow", "dmesg"),
                warning(
                        "a VMClock that is not read",
                        it -> it.file("/dev/vmclock0", ""),
                        "vmclock-unused",
                        "chmod a+r /dev/vmclock0"),
                warning(
                        "the daemon in another time namespace",
                        it -> {
                            link(it.root.resolve("proc/self/ns/time"), "time:[1]");
                            link(it.root.resolve("proc/200/ns/time"), "time:[2]");
                        },
                        "time-namespace",
                        "stream socket"),
                warning(
                        "few descriptors",
                        it -> it.daemonOption("--max-connections", "1000"),
                        "few-descriptors",
                        "LimitNOFILE="),
                warning(
                        "few tasks",
                        it -> it.file("/sys/fs/cgroup/system.slice/clockboundd.service/pids.max", "32\n"),
                        "few-tasks",
                        "TasksMax="),
                warning(
                        "the daemon may set the clock",
                        it -> it.status(SetUp.DAEMON, "java", "S", 1, 0, 1L << 25),
                        "daemon-too-powerful",
                        "User=clockbound"));
    }

    private static Stream<Arguments> servingIsWrong() {
        return Stream.of(
                warning("no daemon", SetUp::withoutDaemon, "no-daemon", "systemctl enable --now clockboundd"),
                warning(
                        "the daemon serves elsewhere",
                        it -> it.withoutDaemon().daemonOption("--run-dir=/else"),
                        "daemon-elsewhere",
                        "--run-dir /else"),
                fault(
                        "the daemon does not answer",
                        it -> it.withoutDaemon().daemonOption("--run-dir=" + it.runDirectory),
                        "daemon-does-not-answer",
                        "systemctl restart clockboundd"),
                fault(
                        "the daemon's clock is not trusted",
                        it -> it.reported("is_trusted", false).reported("last_poll", Map.of("detail", "why")),
                        "not-trusted",
                        "clockboundctl wait"),
                warning(
                        "the daemon's clock runs free",
                        it -> it.reported("status", "FREE_RUNNING"),
                        "free-running",
                        "chronyc sources"),
                warning(
                        "two daemons",
                        it -> it.process(
                                201, "java", "java", "io.clockbound.daemon.ClockBoundDaemon", "--run-dir", "/b"),
                        "second-daemon",
                        "systemctl status PID"),
                warning(
                        "an oscillator that is too good to be true",
                        it -> it.setting("max_clock_error_ppb", 1000L),
                        "max-clock-error-small",
                        "max_clock_error = 15"),
                warning(
                        "a socket that a killed daemon left",
                        it -> it.withoutDaemon().file("/run/clockboundd/clockboundd.sock", ""),
                        "socket-left-behind",
                        "systemctl start clockboundd"),
                fault(
                        "a segment that was deleted",
                        it -> it.reported("transports", Map.of("shm", Map.of("address", "x"))),
                        "segment-missing",
                        "systemctl restart clockboundd"),
                fault(
                        "a segment that others may write",
                        it -> writable(it.file("/run/clockbound/shm0", "x")),
                        "segment-writable",
                        "chmod 644"),
                warning(
                        "a segment that is none",
                        it -> it.file("/run/clockbound/shm0", "nothing of the kind"),
                        "segment-unusable",
                        "rm "),
                fault(
                        "ClockBound 3",
                        it -> it.file("/run/clockbound/shm1", ""),
                        "clockbound-3",
                        "systemctl disable --now clockbound"),
                fault(
                        "another writer of shm0",
                        it -> it.process(300, "clockbound", "/usr/bin/clockbound", "--max-drift-rate", "50"),
                        "other-writer",
                        "systemctl disable --now clockbound"));
    }

    private static Arguments note(String name, Consumer<SetUp> change) {
        return Arguments.arguments(name, change);
    }

    private static Arguments steeredBy(String name, String remedy) {
        return fault(name + " runs", it -> it.process(400, name, name), "steered-by-" + name, remedy);
    }

    private static void link(Path link, String target) {
        try {
            Files.createDirectories(link.getParent());
            Files.createSymbolicLink(link, Path.of(target));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writable(SetUp setUp) {
        try {
            Files.setPosixFilePermissions(
                    setUp.shmDirectory.resolve("shm0"), PosixFilePermissions.fromString("rw-rw-rw-"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Arguments fault(String what, Consumer<SetUp> wrong, String name, String remedy) {
        return Arguments.arguments(what, wrong, Severity.FAULT, name, remedy);
    }

    private static Arguments warning(String what, Consumer<SetUp> wrong, String name, String remedy) {
        return Arguments.arguments(what, wrong, Severity.WARNING, name, remedy);
    }
}
