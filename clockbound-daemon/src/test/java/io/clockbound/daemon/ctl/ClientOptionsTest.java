/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.daemon.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which daemon a command asks, and by which way. */
class ClientOptionsTest extends RunningDaemon {

    @Test
    void theSegmentOfADaemonThatIsGoneIsNoDaemon() throws Exception {
        daemon.start();
        daemon.close();
        CtlRun run = run("now");
        assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.NO_DAEMON);
        assertThat(run.err()).contains("no daemon serves in " + directory).hasLineCount(1);
    }

    @Test
    void statusCanAskTheDaemonOfASocketOrReadASegmentAlone() throws Exception {
        synchronize();
        CtlRun socket = CtlRun.of(
                "status", "--socket", directory.resolve("clockboundd.sock").toString());
        assertThat(socket.code()).as(socket.err()).isZero();
        assertThat(socket.out())
                .containsPattern("pid +" + ProcessHandle.current().pid());
        CtlRun segment =
                CtlRun.of("status", "--shm", directory.resolve("shm/shm0").toString());
        assertThat(segment.code()).as(segment.err()).isZero();
        assertThat(segment.out()).containsPattern("status +SYNCHRONIZED").contains("shared memory " + directory);
    }

    @Test
    void aSocketOfEitherKindCanBeNamed() throws Exception {
        synchronize();
        for (String socket : new String[] {"clockboundd.sock", "clockboundd.stream.sock"}) {
            CtlRun run = CtlRun.of("now", "--socket", directory.resolve(socket).toString());
            assertThat(run.code()).as(run.err()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"shm", "shm0"})
    void aSegmentOfEitherLayoutCanBeNamed(String segment) throws Exception {
        synchronize();
        String path = directory.resolve("shm").resolve(segment).toString();
        CtlRun run = CtlRun.of("now", "--shm", path);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(CtlRun.of("status", "--explain", "--shm", path).out())
                .startsWith("The clock is trusted: true time lies between 20")
                .contains("\nIts status is SYNCHRONIZED.");
    }

    @ParameterizedTest
    @CsvSource({
        "now --shm /a --socket /b, --socket and --shm",
        "now --shm /a --run-dir /b, --shm and --run-dir",
        "now --socket /a --run-dir /b, --socket and --run-dir",
        "before 1 --shm /a --shm-dir /b, --shm and --shm-dir",
        "status --socket /a --run-dir /b, --socket and --run-dir",
        "history --socket /a --run-dir /b, --socket and --run-dir",
        "metrics --socket /a --run-dir /b, --socket and --run-dir",
        "timing --shm /a --run-dir /b -- true, --shm and --run-dir"
    })
    void optionsThatNameTwoDaemonsAreRefused(String line, String options) {
        CtlRun run = CtlRun.of(line.split(" "));
        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("clockboundctl " + line.replaceFirst(" .*", ": ") + options + " exclude each other")
                .hasLineCount(1);
    }

    @Test
    void oneDirectoryAloneIsNotAnsweredByWhatIsAtTheDefaultOfTheOther() throws Exception {
        synchronize();
        String shm = directory.resolve("shm").toString();
        CtlRun elsewhere = CtlRun.of("now", "--run-dir", shm); // where there are no sockets
        assertThat(elsewhere.code()).isEqualTo(ExitCode.NO_DAEMON);
        assertThat(elsewhere.err())
                .isEqualTo("clockboundctl now: no daemon serves in " + shm
                        + ": start clockboundd, or name its directory with --run-dir\n");
        Path empty = Files.createDirectory(directory.resolve("empty"));
        assertThat(CtlRun.of("now", "--shm-dir", empty.toString()).err())
                .isEqualTo("clockboundctl now: no daemon serves in " + empty
                        + ": start clockboundd, or name its directory with --shm-dir\n");
        assertThat(CtlRun.of("now", "--run-dir", directory.toString()).code()).isZero();
        assertThat(CtlRun.of("now", "--shm-dir", shm).code()).isZero();
        assertThat(CtlRun.of("status", "--shm-dir", shm).out())
                .contains("read from                   shared memory " + shm + "/shm0")
                .doesNotContain("because", "source");
        assertThat(CtlRun.of("history", "--shm-dir", shm))
                .extracting(CtlRun::code, CtlRun::err)
                .containsExactly(
                        ExitCode.USAGE,
                        "clockboundctl history: a segment has no history: ask the daemon, with --run-dir or --socket\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"history", "metrics"})
    void theHelpOfACommandThatASegmentCannotAnswerHasNoOptionForOne(String command) {
        assertThat(CtlRun.of(command, "--help").out()).contains("--socket").doesNotContain("--shm=");
        assertThat(CtlRun.of(command, "--shm", "/x").err()).contains(": ask the daemon, with --run-dir or --socket");
    }

    @Test
    void socketsThatWereRemovedAreNotADaemonThatDoesNotRun() throws Exception {
        Files.writeString(directory.resolve("clockboundd.pid"), "1\n");
        for (String command : List.of("now", "status", "history")) {
            assertThat(CtlRun.of(command, "--run-dir", directory.toString()).err())
                    .startsWith("clockboundctl " + command + ": no daemon serves in " + directory + ", but ")
                    .endsWith("another program has removed the sockets of its clockboundd; restart it\n");
        }
    }

    @Test
    void aSegmentSaysWhyItIsNotTrusted() throws Exception {
        daemon.start();
        String shm0 = directory.resolve("shm").resolve("shm0").toString();
        assertThat(CtlRun.of("status", "--shm", shm0).out())
                .startsWith("NOT TRUSTED: UNKNOWN\nbecause  the record in " + shm0)
                .doesNotContain("source");
        assertThat(CtlRun.of("watch", "--count=1", "--shm", shm0).out())
                .contains("Z  not trusted, status UNKNOWN: the record in " + shm0);
        assertThat(CtlRun.of("check", "--shm", shm0).out())
                .contains("not trusted, status UNKNOWN: the record in " + shm0);
    }

    @Test
    void whatIsNoSocketIsSaidSo() throws IOException {
        assertThat(CtlRun.of("now", "--socket", directory.toString()).err())
                .startsWith(
                        "clockboundctl now: " + directory + " is a directory, not a socket: name one of the daemon's");
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThat(CtlRun.of("now", "--socket", file.toString()).err())
                .startsWith("clockboundctl now: " + file + " is a file, not a socket: name one of the daemon's");
        assertThat(CtlRun.of("now", "--shm", "/nope").err()).doesNotContain("--socket-mode");
    }
}
