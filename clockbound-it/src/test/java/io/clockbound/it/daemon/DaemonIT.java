/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.ClockStatus;
import io.clockbound.chrony.testing.TestChronyd;
import io.clockbound.it.DaemonProcess;
import io.clockbound.it.DatagramClient;
import io.clockbound.it.Deadline;
import io.clockbound.it.Prerequisites;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of a daemon as an operator sees it. */
class DaemonIT {

    /** Nothing listens on UDP port 1 of a machine that runs tests. */
    private static final int NOBODY = 1;

    private static final byte[] NOW = {1, 1, 0, 0};
    private static final byte[] NOT_SYNCHRONIZED = {1, 0, 1, 0};
    private static final String JSON_STRING = "\"([^\"\\\\\\p{Cntrl}]|\\\\[\"\\\\/bfnrtu])*\"";
    private static final String JSON_MEMBER = JSON_STRING + ":(" + JSON_STRING + "|-?\\d+|null)";

    /** A JSON object (RFC 8259) whose values are strings, whole numbers and nulls. */
    private static final Pattern JSON_OBJECT = Pattern.compile("\\{" + JSON_MEMBER + "(," + JSON_MEMBER + ")*\\}");

    @TempDir
    private Path directory;

    @BeforeAll
    static void require() {
        Prerequisites.require();
    }

    @Test
    void answersNotSynchronizedFromTheFirstMoment() throws Exception {
        try (DaemonProcess daemon = DaemonProcess.start(runDirectory(), NOBODY).awaitSocket();
                DatagramClient client = client(daemon)) {
            assertThat(client.ask(NOW)).isEqualTo(NOT_SYNCHRONIZED);
        }
    }

    @Test
    void endsOnSigtermAndTakesItsSocketAlong() throws Exception {
        try (DaemonProcess daemon = DaemonProcess.start(runDirectory(), NOBODY).awaitSocket()) {
            assertThat(daemon.terminate()).isZero();
            assertThat(runDirectory()).isEmptyDirectory();
        }
    }

    @Test
    void takesOverAfterSigkill() throws Exception {
        try (DaemonProcess killed = DaemonProcess.start(runDirectory(), NOBODY).awaitSocket()) {
            killed.signal("KILL");
            await("the end of the killed daemon", () -> !killed.isRunning());
        }
        assertThat(runDirectory().resolve("clockboundd.sock")).exists();
        try (DaemonProcess next = DaemonProcess.start(runDirectory(), NOBODY)) {
            awaitLog(next, "Serving datagram");
            try (DatagramClient client = client(next)) {
                assertThat(client.ask(NOW)).isEqualTo(NOT_SYNCHRONIZED);
            }
        }
    }

    @Test
    void secondDaemonIsRefusedAndNamesTheFirst() throws Exception {
        try (DaemonProcess first = DaemonProcess.start(runDirectory(), NOBODY).awaitSocket();
                DatagramClient client = client(first)) {
            DaemonProcess.Ended second =
                    DaemonProcess.run("--run-dir", runDirectory().toString(), "--transport", "datagram");
            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.output()).contains("pid " + first.pid()).doesNotContain("\tat ");
            assertThat(client.ask(NOW)).isEqualTo(NOT_SYNCHRONIZED);
        }
    }

    @Test
    void saysOnceThatChronydIsGoneAndOnceThatItIsBack() throws Exception {
        try (TestChronyd server = TestChronyd.server();
                TestChronyd chronyd = TestChronyd.client(server.ntpPort());
                DaemonProcess daemon = DaemonProcess.start(runDirectory(), chronyd.commandPort())) {
            awaitLog(daemon, "-> SYNCHRONIZED");
            long recoveries = daemon.countInLog("polls that failed before");
            chronyd.kill();
            awaitLog(daemon, "SYNCHRONIZED -> FREE_RUNNING");
            awaitLog(daemon, "FREE_RUNNING -> UNKNOWN");
            String loss = daemon.log()
                    .lines()
                    .filter(line -> line.contains("SYNCHRONIZED -> FREE_RUNNING"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf("Status ")))
                    .orElse("no line about the loss");
            assertThat(loss).contains(":" + chronyd.commandPort() + ": ");
            assertThat(daemon.countInLog(loss)).as(loss).isEqualTo(1);
            chronyd.restart();
            awaitLog(daemon, "UNKNOWN -> SYNCHRONIZED: error bound", 2);
            assertThat(daemon.countInLog("polls that failed before")).isEqualTo(recoveries + 1);
            assertThat(daemon.countInLog(" follows 127.0.0.1; polls"))
                    .as(daemon.log())
                    .isPositive();
            assertThat(daemon.countInLog(loss)).as(loss).isEqualTo(1);
        }
    }

    @Test
    void forcedDisruptionBeginsAndEndsWithASignal() throws Exception {
        try (TestChronyd server = TestChronyd.server();
                TestChronyd chronyd = TestChronyd.client(server.ntpPort());
                DaemonProcess daemon = DaemonProcess.start(runDirectory(), chronyd.commandPort())
                        .awaitSocket();
                DatagramClient client = client(daemon)) {
            await("synchronisation", () -> client.now().status() == ClockStatus.SYNCHRONIZED);
            daemon.signal("USR1");
            await("the disruption", () -> client.now().status() == ClockStatus.UNKNOWN);
            daemon.signal("USR2");
            await("recovery", () -> client.now().status() == ClockStatus.SYNCHRONIZED);
        }
    }

    @Test
    void everyLineOfAJsonLogIsAnObject() throws Exception {
        try (DaemonProcess daemon = DaemonProcess.start(runDirectory(), NOBODY, "--log-format", "json", "-L", "0")
                .awaitSocket()) {
            awaitLog(daemon, "NO_ANSWER");
            daemon.terminate();
            assertThat(daemon.log().lines()).hasSizeGreaterThan(3).allMatch(JSON_OBJECT.asMatchPredicate());
        }
    }

    @Test
    void sighupAdoptsTheLogLevelAndSurvivesABadFile() throws Exception {
        Path config = Files.writeString(directory.resolve("conf"), "level = 2\n");
        try (DaemonProcess daemon = DaemonProcess.start(runDirectory(), NOBODY, "-c", config.toString())
                .awaitSocket()) {
            Files.writeString(config, "level = 1\npoll-interval = 2s\n");
            daemon.signal("HUP");
            awaitLog(daemon, "changed: level");
            awaitLog(daemon, "only a restart adopts it: poll-interval");
            awaitLog(daemon, "DEBUG Poll NO_ANSWER");
            Files.writeString(config, "levle = 2\n");
            daemon.signal("HUP");
            awaitLog(daemon, "did you mean 'level'");
            assertThat(daemon.isRunning()).isTrue();
        }
    }

    private Path runDirectory() {
        return directory.resolve("run");
    }

    private DatagramClient client(DaemonProcess daemon) throws Exception {
        return new DatagramClient(directory.resolve("client"), daemon.socket());
    }

    private static void awaitLog(DaemonProcess daemon, String part) throws Exception {
        awaitLog(daemon, part, 1);
    }

    private static void awaitLog(DaemonProcess daemon, String part, int times) throws Exception {
        await("'" + part + "' in the log", () -> daemon.countInLog(part) >= times);
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        Deadline.await(() -> what, condition);
    }
}
