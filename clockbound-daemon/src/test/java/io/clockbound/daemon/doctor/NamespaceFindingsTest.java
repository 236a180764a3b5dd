/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes of other namespaces, such as those of containers, which the host's {@code /proc} shows beside its own. */
class NamespaceFindingsTest {

    @TempDir
    Path root;

    @Test
    void aChronydOfAContainerIsNamedAndNotTakenForTheHosts() throws IOException {
        SetUp setUp = new SetUp(root)
                .process(150, "chronyd", "chronyd", "-x", "-f", "/only/there.conf")
                .contained(150);
        assertThat(Doctor.findings(setUp.machine()))
                .allMatch(finding -> finding.severity().exitCode() == 0)
                .noneMatch(finding -> finding.name().equals("could-not-look"))
                .anyMatch(finding -> finding.name().equals("chronyd-config"))
                .filteredOn(finding -> finding.name().equals("chronyd-in-other-namespace"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.fact())
                        .isEqualTo(
                                "In another network namespace (container?) chronyd runs as process 150 (chronyd -x -f"
                                        + " /only/there.conf)."));
    }

    @Test
    void aChronydOfAContainerThatSetsTheClockIsStillASecondOne() throws IOException {
        SetUp setUp = new SetUp(root).process(150, "chronyd", "chronyd").contained(150);
        assertThat(Doctor.findings(setUp.machine()))
                .noneMatch(finding -> finding.name().equals("several-chronyds"));
        setUp.status(150, "chronyd", "S", 1, 999, 1L << 25);
        assertThat(Doctor.findings(setUp.machine()))
                .anyMatch(finding -> finding.name().equals("several-chronyds"));
    }

    @Test
    void whatChronydWasToldIsReadInItsOwnMountNamespace() throws IOException {
        SetUp setUp = new SetUp(root)
                .namespace("self", "mnt", 1)
                .namespace("100", "mnt", 2)
                .chronyd("chronyd", "-f", "/x/y.conf")
                .file("/proc/100/root/x/y.conf", "confdir /x/z\n")
                .file("/proc/100/root/x/z/a.conf", "local\n")
                .file("/x/y.conf", "maxsamples 1\n");
        assertThat(Doctor.findings(setUp.machine()))
                .anyMatch(finding -> finding.name().equals("local"))
                .noneMatch(finding -> finding.name().equals("maxsamples"))
                .noneMatch(finding -> finding.name().equals("could-not-look"));
    }

    /** As systemd's sandbox, which is a mount namespace of its own with the same files. */
    @Test
    void aMountNamespaceWithTheSameFilesChangesNothing() throws IOException {
        SetUp setUp = new SetUp(root);
        setUp.machine();
        setUp.withoutDaemon()
                .file("/run/clockboundd/clockboundd.sock", "")
                .daemonOption("--run-dir=" + setUp.runDirectory)
                .namespace("self", "mnt", 1)
                .namespace("100", "mnt", 2)
                .namespace("200", "mnt", 3);
        for (int pid : List.of(SetUp.CHRONYD, SetUp.DAEMON)) {
            Files.createSymbolicLink(root.resolve("proc/" + pid + "/root"), root);
        }
        assertThat(Doctor.findings(setUp.machine()))
                .anyMatch(finding -> finding.fact()
                        .equals("chronyd has read " + root.resolve("etc/chrony/chrony.conf") + " as it is now."))
                .anyMatch(finding -> finding.name().equals("daemon-does-not-answer"));
    }

    @Test
    void aDaemonOfAContainerIsNamedAndIsNoSecondOne() throws IOException {
        SetUp setUp = new SetUp(root)
                .process(201, "java", "java", "io.clockbound.daemon.ClockBoundDaemon")
                .contained(201);
        assertThat(Doctor.findings(setUp.machine()))
                .allMatch(finding -> finding.severity().exitCode() == 0)
                .anyMatch(finding -> finding.fact()
                        .equals("In another mount namespace (container?) clockboundd runs as process 201 in"
                                + " /run/clockboundd."));
    }

    @Test
    void aDaemonIsFoundByTheNumberThatItHasInItsOwnNamespace() throws IOException {
        SetUp setUp = new SetUp(root).reported("pid", 1L);
        setUp.file("/proc/200/status", Files.readString(root.resolve("proc/200/status")) + "NSpid:\t200\t1\n");
        assertThat(setUp.machine().daemon()).isPresent();
    }

    @Test
    void anotherClockBoundDaemonOfAContainerDoesNotWriteOurSegment() throws IOException {
        SetUp setUp = new SetUp(root)
                .process(300, "clockbound", "/usr/bin/clockbound")
                .contained(300);
        assertThat(Doctor.findings(setUp.machine()))
                .noneMatch(finding -> finding.name().equals("other-writer"));
    }

    @Test
    void anNtpdOfAContainerThatMayNotSetTheClockIsInOrder() throws IOException {
        SetUp setUp = new SetUp(root).process(400, "ntpd", "ntpd").contained(400);
        assertThat(Doctor.findings(setUp.machine()))
                .anyMatch(finding -> finding.name().equals("steered-alone"));
        setUp.status(400, "ntpd", "S", 1, 0, 1L << 25);
        assertThat(Doctor.findings(setUp.machine()))
                .anyMatch(finding -> finding.name().equals("steered-by-ntpd"));
        setUp.file("/proc/self/uid_map", "0 0 4294967295\n").file("/proc/400/uid_map", "0 100000 65536\n");
        assertThat(Doctor.findings(setUp.machine()))
                .anyMatch(finding -> finding.name().equals("steered-alone"));
    }
}
