/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;

/** The machine, and what else runs on it. */
class HostFindingsTest extends WrongSetUps {

    @Test
    void aPhc2sysThatLeavesTheSystemClockAloneIsInOrder() throws IOException {
        SetUp setUp = new SetUp(root).process(400, "phc2sys", "phc2sys", "-s", "CLOCK_REALTIME", "-c", "eth0");
        assertThat(Doctor.findings(setUp.machine()))
                .anyMatch(finding -> finding.name().equals("steered-alone"));
    }

    static Stream<Arguments> wrong() {
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
}
