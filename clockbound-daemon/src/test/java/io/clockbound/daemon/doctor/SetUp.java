/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.doctor;

import io.clockbound.chrony.ChronySource;
import io.clockbound.chrony.ChronySource.Role;
import io.clockbound.chrony.ChronyState;
import io.clockbound.chrony.ChronyWay;
import io.clockbound.daemon.Json;
import io.clockbound.spi.LeapStatus;
import io.clockbound.spi.ReferenceId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A machine in a directory, in order until a test breaks it. */
final class SetUp {

    static final int CHRONYD = 100;
    static final int DAEMON = 200;
    static final String SERVER = "192.0.2.1";
    static final String OTHER = "192.0.2.2";
    private static final String MAIN = "io.clockbound.daemon.ClockBoundDaemon";

    final Path root;
    final Path runDirectory;
    final Path shmDirectory;
    private final List<String> conf = new ArrayList<>(List.of("server 192.0.2.1 iburst", "driftfile /drift"));
    private final Map<String, Object> settings = new LinkedHashMap<>();
    private final Map<String, Object> report = new LinkedHashMap<>();
    private List<ChronyWay> ways = List.of();
    private Optional<ChronyState> later = Optional.empty();

    SetUp(Path root) {
        this.root = root;
        this.runDirectory = root.resolve("run/clockboundd");
        this.shmDirectory = root.resolve("run/clockbound");
        process(1, "systemd", "/sbin/init");
        process(CHRONYD, "chronyd", "/usr/sbin/chronyd", "-F", "1");
        daemon("/opt/java", "-XX:SharedArchiveFile=/opt/classes.jsa", MAIN);
        file("/proc/self/ns/x", "");
        file("/proc/stat", "cpu 1 2\nbtime 1700000000\n");
        file("/proc/cpuinfo", "flags\t\t: fpu tsc\n");
        clockSource("tsc");
        settings.put("max_clock_error_ppb", 15_000L);
        settings.put("is_vmclock_watched", false);
        settings.put("clock", "auto");
        report.put("status", "SYNCHRONIZED");
        report.put("is_trusted", true);
        report.put("pid", (long) DAEMON);
        sources(server(SERVER), server(OTHER).role(Role.SELECTABLE));
    }

    SetUp file(String path, String text) {
        try {
            Path file = root.resolve(path.substring(1));
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts a process into namespaces of its own, as a container's runtime does; its root is empty but for what a test writes. */
    SetUp contained(int pid) {
        for (String kind : List.of("mnt", "net", "pid", "user")) {
            namespace("self", kind, 1);
            namespace(String.valueOf(pid), kind, kind.equals("user") ? 1 : pid);
        }
        return this;
    }

    SetUp namespace(String process, String kind, int number) {
        try {
            Path link = root.resolve("proc/" + process + "/ns/" + kind);
            Files.createDirectories(link.getParent());
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, Path.of(kind + ":[" + number + "]"));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SetUp process(int pid, String name, String... arguments) {
        String directory = "/proc/" + pid + "/";
        file(directory + "cmdline", String.join("\0", arguments) + "\0");
        file(directory + "stat", pid + " (" + name + ") S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 100000000 1 1");
        file(directory + "limits", "Limit  Soft  Hard\nMax open files            1024                 4096  files\n");
        file(directory + "cgroup", "0::/system.slice/clockboundd.service\n");
        return status(pid, name, "S (sleeping)", 1, 999, 0);
    }

    SetUp status(int pid, String name, String state, int parent, int user, long capabilities) {
        return file(
                "/proc/" + pid + "/status",
                String.format(
                        "Name:\t%s%nState:\t%s%nPPid:\t%d%nUid:\t%d\t0\t0\t0%nCapEff:\t%016x%nNoNewPrivs:\t1%n",
                        name, state, parent, user, capabilities));
    }

    SetUp daemon(String... arguments) {
        return process(DAEMON, "java", arguments);
    }

    SetUp daemonOption(String... options) {
        List<String> words = new ArrayList<>(List.of("/opt/java", "-XX:SharedArchiveFile=/opt/classes.jsa", MAIN));
        words.addAll(List.of(options));
        return daemon(words.toArray(String[]::new));
    }

    SetUp chronyd(String... arguments) {
        return process(CHRONYD, "chronyd", arguments);
    }

    SetUp conf(String... lines) {
        conf.addAll(List.of(lines));
        return this;
    }

    SetUp clockSource(String name) {
        String directory = "/sys/devices/system/clocksource/clocksource0/";
        file(directory + "available_clocksource", "tsc hpet acpi_pm \n");
        return file(directory + "current_clocksource", name + "\n");
    }

    SetUp setting(String name, Object value) {
        settings.put(name, value);
        return this;
    }

    SetUp reported(String name, Object value) {
        report.put(name, value);
        return this;
    }

    SetUp withoutDaemon() {
        report.clear();
        settings.clear();
        return delete("/proc/" + DAEMON + "/status");
    }

    SetUp delete(String path) {
        try {
            Files.delete(root.resolve(path.substring(1)));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SetUp way(ChronyWay.Result result, String detail) {
        ways = List.of(new ChronyWay("127.0.0.1:323", result, detail, Optional.empty()));
        return this;
    }

    SetUp answeringAt(String address) {
        ways = List.of(new ChronyWay(address, ChronyWay.Result.ANSWERS, "", Optional.of(new State().build())));
        return this;
    }

    /** Has a process start so many hundredths of a second after the boot. */
    SetUp startedAt(int pid, long ticks) {
        return file("/proc/" + pid + "/stat", pid + " (x) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 " + ticks + " 1 1");
    }

    SetUp sources(Source... sources) {
        return state(new State().sources(sources));
    }

    SetUp state(State state) {
        ways = List.of(new ChronyWay("127.0.0.1:323", ChronyWay.Result.ANSWERS, "", Optional.of(state.build())));
        return this;
    }

    SetUp later(State state) {
        later = Optional.of(state.build());
        return this;
    }

    /** Returns the machine, with the configuration older than chronyd's start of 2023. */
    Machine machine() throws IOException {
        Path file = root.resolve("etc/chrony/chrony.conf");
        if (Files.notExists(file)) {
            file("/etc/chrony/chrony.conf", String.join("\n", conf) + "\n");
            Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(0));
        }
        if (!report.isEmpty()) {
            report.put("settings", settings);
        }
        Map<String, Object> read = Json.read(Json.write(report));
        return new Machine(root, ways, later, read, read.isEmpty() ? "nobody" : "", runDirectory, shmDirectory);
    }

    static Source server(String name) {
        return new Source(name, false, 2, Role.SELECTED, 0377, 0.0001, 0.001);
    }

    /** A source, to be changed. */
    record Source(String name, boolean isClock, int stratum, Role role, int reach, double offset, double error) {

        Source role(Role other) {
            return new Source(name, isClock, stratum, other, reach, offset, error);
        }

        Source reach(int other) {
            return new Source(name, isClock, stratum, role, other, offset, error);
        }

        Source stratum(int other) {
            return new Source(name, isClock, other, role, reach, offset, error);
        }

        Source offset(double other) {
            return new Source(name, isClock, stratum, role, reach, other, error);
        }

        Source clock() {
            return new Source(name, true, 0, role, reach, offset, error);
        }

        ChronySource build() {
            return new ChronySource(name, isClock, stratum, role, reach, 6, offset, error);
        }
    }

    /** What chronyd says, to be changed. */
    static final class State {
        ReferenceId reference = new ReferenceId(0xC0000201, true);
        LeapStatus leap = LeapStatus.NORMAL;
        String followed = SERVER;
        long nanos;
        double lastOffset = 0.0001;
        double rmsOffset = 0.0001;
        double skew = 0.1;
        double dispersion = 0.0005;
        Optional<String> refused = Optional.empty();
        private List<ChronySource> sources = List.of(
                server(SERVER).build(), server(OTHER).role(Role.SELECTABLE).build());

        State sources(Source... all) {
            sources = java.util.stream.Stream.of(all).map(Source::build).toList();
            return this;
        }

        State with(java.util.function.Consumer<State> change) {
            change.accept(this);
            return this;
        }

        ChronyState build() {
            return new ChronyState(
                    nanos,
                    reference,
                    followed,
                    3,
                    leap,
                    0,
                    lastOffset,
                    rmsOffset,
                    0,
                    skew,
                    0.001,
                    dispersion,
                    64,
                    sources,
                    refused);
        }
    }
}
