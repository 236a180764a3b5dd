/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import com.google.inject.Guice;
import com.google.inject.Stage;
import io.clockbound.chrony.testing.Answer;
import io.clockbound.chrony.testing.ScriptedChronyd;
import io.clockbound.daemon.Daemon;
import io.clockbound.daemon.DaemonModule;
import io.clockbound.daemon.config.Invocation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A daemon in a directory, which asks a scripted chronyd. */
final class ServedClock implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final ScriptedChronyd chronyd;
    final Daemon daemon;
    private final Path directory;

    ServedClock(Path directory, String... options) throws IOException {
        this.directory = directory;
        this.chronyd = ScriptedChronyd.onUdp();
        chronyd.answer(Answer.silence());
        List<String> words = new ArrayList<>(List.of(
                "--max_clock_error=50",
                "--run-dir=" + directory,
                "--shm-dir=" + directory.resolve("shm"),
                "--time-source-option=address=" + chronyd.address()));
        words.addAll(List.of(options));
        this.daemon = Guice.createInjector(
                        Stage.PRODUCTION,
                        new DaemonModule(
                                Invocation.parse(words.toArray(String[]::new)).config()))
                .getInstance(Daemon.class);
        daemon.start();
    }

    /** Has chronyd answer, and waits until the clock is trusted. */
    void synchronize() throws Exception {
        chronyd.answer(Answer.tracking());
        daemon.clock().waitUntilTrusted(PATIENCE);
    }

    /** Ends the daemon, whose segments stay. */
    void daemonEnds() throws IOException {
        daemon.close();
    }

    /** Runs a command with the daemon's directories. */
    CtlRun run(String... words) {
        return CtlRun.of(Stream.concat(
                        Stream.of(words), Stream.of("--run-dir=" + directory, "--shm-dir=" + directory.resolve("shm")))
                .toArray(String[]::new));
    }

    @Override
    public void close() throws IOException {
        daemon.close();
        chronyd.close();
    }
}
