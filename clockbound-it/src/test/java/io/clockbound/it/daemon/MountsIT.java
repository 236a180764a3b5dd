/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockbound.BoundedClock;
import io.clockbound.ClockNotTrustedException;
import io.clockbound.ClockStatus;
import io.clockbound.chrony.testing.TestChronyd;
import io.clockbound.it.DaemonProcess;
import io.clockbound.it.Deadline;
import io.clockbound.it.Prerequisites;
import io.clockbound.it.Programs;
import io.clockbound.it.Seclusion;
import io.clockbound.transport.ClockBoundClients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon and its clients on file systems that are full, read-only, without programs, or mounted file by file. */
@Timeout(300)
class MountsIT {

    @TempDir
    private Path directory;

    private Seclusion seclusion;
    private TestChronyd server;
    private TestChronyd chronyd;

    /** A mount of its own, small enough to be filled. */
    private Path mount;

    @BeforeAll
    static void require() {
        Prerequisites.require();
        Prerequisites.require(
                Programs.find("unshare").isPresent() && Seclusion.isAllowed(),
                "namespaces cannot be made: run the tests as root, where unshare is allowed");
    }

    @BeforeEach
    void start() throws IOException {
        seclusion = Seclusion.in(directory);
        server = seclusion.server();
        chronyd = seclusion.chronyd(List.of(Seclusion.SERVER));
        mount = Files.createDirectory(directory.resolve("mount"));
    }

    @AfterEach
    void end() {
        chronyd.close();
        server.close();
        seclusion.close();
    }

    @Test
    void onAFileSystemThatIsFullARunningDaemonGoesOnAndANewOneSaysSo() throws Exception {
        mountTmpfs("size=64k");
        Path run = mount.resolve("run");
        Path shm = mount.resolve("shm");
        try (DaemonProcess daemon = daemon(run, shm)) {
            try (BoundedClock segment = synchronised(daemon, shm.resolve("shm0"))) {
                fill();
                Deadline longerThanTrust = Deadline.in(Duration.ofSeconds(7)); // in an old record it ends after five
                while (!longerThanTrust.isOver()) {
                    assertThat(segment.read().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
                    Deadline.pause();
                }
                try (BoundedClock stream =
                        ClockBoundClients.stream(seclusion.reach(run.resolve("clockboundd.stream.sock")))) {
                    assertThat(stream.now().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
                }
            }
            assertThat(daemon.terminate()).isZero();
        }
        fill();
        try (DaemonProcess next = daemon(run, shm)) {
            assertEndsBecause(next, "No space left on device", run + "/clockboundd.pid", "--run-dir");
            assertThat(seclusion.reach(run.resolve("clockboundd.pid"))).doesNotExist(); // it would name nobody
        }
        Path elsewhere = directory.resolve("run-elsewhere");
        try (DaemonProcess next = daemon(elsewhere, mount.resolve("shm-elsewhere"))) {
            Deadline.await(() -> "the warning", () -> next.countInLog("Not serving shm") > 0);
            assertThat(next.log()).contains("No space left on device", "--shm-dir");
            try (BoundedClock stream = ClockBoundClients.stream(elsewhere.resolve("clockboundd.stream.sock"))) {
                Deadline.await(() -> "trust", () -> stream.read().status().isTrusted());
            }
        }
    }

    @Test
    void aCheckNamesAFileSystemThatIsFullOrReadOnlyAsAStartDoes() throws Exception {
        mountTmpfs("size=64k");
        Path shm = mount.resolve("shm");
        try (DaemonProcess daemon = daemon(directory.resolve("run"), shm)) {
            synchronised(daemon, shm.resolve("shm0")).close();
            fill();
            assertThat(check(shm)).as("of files that a start would use again").contains("valid.");
            assertThat(daemon.terminate()).isZero();
        }
        fill();
        assertThat(check(shm))
                .contains("cannot create " + shm + "/clockboundd.pid (No space left on device)", "--shm-dir");
        assertThat(check(mount.resolve("else")))
                .contains("cannot create " + mount.resolve("else/clockboundd.pid") + " (No space left on device)");
        seclusion.run("mount", "-o", "remount,ro", mount.toString());
        assertThat(check(shm)).contains("cannot create " + shm, "Read-only file system", "--shm-dir");
        assertThat(seclusion.run("find", mount.toString(), "-name", ".*")).isEmpty();
    }

    /** Returns what a check of a configuration says. */
    private String check(Path shm) throws Exception {
        return seclusion.run(
                "sh",
                "-c",
                "\"$@\" 2>&1 || test $? = 1",
                "sh",
                Prerequisites.home().resolve("bin/clockboundd").toString(),
                "--check-config",
                "--run-dir=" + directory.resolve("run"),
                "--shm-dir=" + shm);
    }

    @Test
    void onAReadOnlyFileSystemADaemonServesWhatItCanAndSaysWhatItCannot() throws Exception {
        mountTmpfs("ro");
        try (DaemonProcess without = daemon(mount.resolve("run"), directory.resolve("shm"))) {
            assertEndsBecause(without, "Read-only file system", mount + "/run", "--run-dir");
        }
        Path run = directory.resolve("run");
        try (DaemonProcess daemon = daemon(run, mount.resolve("shm"))) {
            Deadline.await(() -> "the warning", () -> daemon.countInLog("Not serving shm") > 0);
            assertThat(daemon.log()).contains("Read-only file system", "--shm-dir");
            try (BoundedClock stream = ClockBoundClients.stream(run.resolve("clockboundd.stream.sock"))) {
                Deadline.await(() -> "trust", () -> stream.read().status().isTrusted());
            }
        }
    }

    @Test
    void withoutProgramsInTheTemporaryDirectoryTheDaemonServesAllAndALibraryThatCannotSaysWhy() throws Exception {
        mountTmpfs("noexec");
        Path run = directory.resolve("run");
        Path shm = directory.resolve("shm");
        String noexec = "-Djava.io.tmpdir=" + mount;
        List<String> prefix = seclusion.enter(List.of("env", "CLOCKBOUND_JAVA_OPTS=" + noexec));
        try (DaemonProcess daemon = DaemonProcess.start(prefix, run, "--shm-dir", shm.toString());
                BoundedClock segment = synchronised(daemon, shm.resolve("shm0"));
                BoundedClock stream = ClockBoundClients.stream(daemon.streamSocket())) {
            assertThat(segment.now().status().isTrusted()).isTrue();
            assertThat(stream.now().status().isTrusted()).isTrue();
            assertThat(ask(daemon, directory, noexec)).contains("SYNCHRONIZED"); // unpacked into that directory
            assertThat(ask(daemon, mount, noexec))
                    .contains("native library cannot be loaded", mount.toString(), "noexec", "-Djava.io.tmpdir=DIR");
        }
    }

    /** Returns what a program in a directory, without the daemon's native code, gets of the datagram socket. */
    private String ask(DaemonProcess daemon, Path where, String option) throws Exception {
        Path program = Files.writeString(directory.resolve("Ask.java"), """
                class Ask {
                    public static void main(String[] words) throws Exception {
                        try (var clock = io.clockbound.transport.ClockBoundClients.datagram(
                                java.nio.file.Path.of(words[0]))) {
                            System.out.println(clock.read());
                        } catch (java.io.IOException e) {
                            System.out.println(e.getMessage());
                        }
                    }
                }
                """);
        return seclusion.run(
                "env",
                "--chdir=" + where,
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                option,
                "-Dclockbound.native=junixsocket", // the other way unpacks nothing
                "-Duser.home=" + where,
                "-cp",
                System.getProperty("java.class.path"),
                program.toString(),
                daemon.socket().toString());
    }

    @Test
    void aSegmentThatIsMountedAloneOutlivesRestartsAndSaysWhenItWasReplaced() throws Exception {
        Path shm = directory.resolve("shm");
        Path alone = Files.createFile(mount.resolve("shm0"));
        try (DaemonProcess first = daemon(directory.resolve("run"), shm)) {
            synchronised(first, shm.resolve("shm0")).close();
            seclusion.run("mount", "--bind", shm.resolve("shm0").toString(), alone.toString());
            first.terminate();
        }
        try (DaemonProcess second = daemon(directory.resolve("run"), shm);
                BoundedClock reader = synchronised(second, alone)) {
            Files.delete(shm.resolve("shm0"));
            Deadline.await(() -> "another segment", () -> Files.exists(shm.resolve("shm0")));
            Deadline.await(
                    () -> "the end of trust", () -> !reader.read().status().isTrusted());
            assertThatThrownBy(reader::now)
                    .isInstanceOf(ClockNotTrustedException.class)
                    .hasMessageContaining("mounted as a single file")
                    .hasMessageContaining("mount its directory instead");
            assertThat(second.isRunning()).isTrue();
        }
    }

    private DaemonProcess daemon(Path run, Path shm) throws IOException {
        return DaemonProcess.start(seclusion, run, "--shm-dir", shm.toString());
    }

    private BoundedClock synchronised(DaemonProcess daemon, Path segment) throws Exception {
        Path reached = seclusion.reach(segment);
        Deadline.await(() -> "the segment " + segment, () -> Files.exists(reached) || !daemon.isRunning());
        assertThat(daemon.isRunning()).as(daemon.log()).isTrue();
        BoundedClock clock = ClockBoundClients.sharedMemory(reached);
        Deadline.await(() -> "trust in " + segment, () -> clock.read().status() == ClockStatus.SYNCHRONIZED);
        return clock;
    }

    private static void assertEndsBecause(DaemonProcess daemon, String... words) throws Exception {
        Deadline.await(() -> "the end of the daemon", () -> !daemon.isRunning());
        assertThat(daemon.log()).contains(words);
    }

    private void mountTmpfs(String options) throws Exception {
        seclusion.run("mount", "-t", "tmpfs", "-o", options, "none", mount.toString());
    }

    private void fill() throws Exception {
        seclusion.run("sh", "-c", "cat /dev/zero >>" + mount + "/fill 2>&1; test $(stat -f -c %f " + mount + ") = 0");
    }
}
