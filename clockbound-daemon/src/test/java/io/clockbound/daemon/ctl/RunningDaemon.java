/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Guice;
import com.google.inject.Stage;
import io.clockbound.BoundedInstant;
import io.clockbound.chrony.testing.Answer;
import io.clockbound.chrony.testing.ScriptedChronyd;
import io.clockbound.daemon.Daemon;
import io.clockbound.daemon.DaemonModule;
import io.clockbound.daemon.config.DaemonConfig;
import io.clockbound.daemon.config.Invocation;
import io.clockbound.daemon.log.LogSettings;
import io.clockbound.daemon.log.Logging;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

/** What the tests of commands to a daemon that runs begin with: one, and a chronyd that is silent until it is told to answer. */
@Timeout(120)
abstract class RunningDaemon {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    ScriptedChronyd chronyd;
    Daemon daemon;

    @BeforeEach
    void start() throws IOException {
        Logging.apply(new LogSettings(Level.ERROR, LogSettings.Format.text));
        chronyd = ScriptedChronyd.onUdp();
        chronyd.answer(Answer.silence());
        daemon = daemon();
    }

    @AfterEach
    void end() throws IOException {
        daemon.close();
        chronyd.close();
        Logging.apply(LogSettings.DEFAULTS);
    }

    void synchronize() throws Exception {
        chronyd.answer(Answer.tracking());
        daemon.start();
        awaitTrust();
    }

    /** Waits until the report has the reason why the clock is not synchronised. */
    void awaitReason(String reason) {
        while (!run("status").out().contains(reason)) {
            Thread.onSpinWait(); // each round is a request, which takes its time
        }
    }

    void awaitTrust() throws Exception {
        BoundedInstant now = daemon.clock().waitUntilTrusted(PATIENCE);
        assertThat(now.status().isTrusted()).isTrue();
    }

    Daemon daemon() {
        DaemonConfig config = Invocation.parse(
                        "-e",
                        "50",
                        "--transport",
                        "datagram,stream,shm",
                        "--run-dir",
                        directory.toString(),
                        "--shm-dir",
                        directory.resolve("shm").toString(),
                        "--time-source-option",
                        "address=" + chronyd.address())
                .config();
        return Guice.createInjector(Stage.PRODUCTION, new DaemonModule(config)).getInstance(Daemon.class);
    }

    /** Runs a command with the daemon's directories behind its name, before anything else. */
    CtlRun run(String... words) {
        return CtlRun.of(Stream.concat(
                        Stream.of(
                                words[0],
                                "--run-dir",
                                directory.toString(),
                                "--shm-dir",
                                directory.resolve("shm").toString()),
                        Stream.of(words).skip(1))
                .toArray(String[]::new));
    }
}
