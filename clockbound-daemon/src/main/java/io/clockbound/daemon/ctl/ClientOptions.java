/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import io.clockbound.BoundedClock;
import io.clockbound.ClockNotTrustedException;
import io.clockbound.daemon.ExitCode;
import io.clockbound.daemon.Json;
import io.clockbound.daemon.config.DirectoryOptions;
import io.clockbound.daemon.config.NativeOption;
import io.clockbound.transport.ClockBoundClients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The daemon that a command asks. */
final class ClientOptions {

    @Mixin
    private final DirectoryOptions directories = new DirectoryOptions();

    @Mixin
    @SuppressWarnings("UnusedVariable") // it acts when picocli sets it
    private final NativeOption way = new NativeOption();

    @ArgGroup
    @Nullable
    private OnlyWay only;

    /**
     * Connects to the daemon.
     *
     * @throws CtlException when there is none; the message says what was tried and what mends it
     */
    BoundedClock connect() throws CtlException {
        try {
            if (only == null) {
                return ClockBoundClients.connect(directories.run(), directories.shm());
            }
            return only.segment != null
                    ? ClockBoundClients.sharedMemory(only.segment)
                    : connect(Objects.requireNonNull(only.socket));
        } catch (IOException e) {
            boolean isNothingThere = only == null
                    && areMissing(directories.run(), "clockboundd.sock", "clockboundd.stream.sock")
                    && areMissing(directories.shm(), "shm", "shm0");
            throw noDaemon(
                    isNothingThere
                            ? "no daemon serves in " + directories.run() + " or " + directories.shm()
                                    + ": start clockboundd, or name its directories with --run-dir and --shm-dir"
                            : e.getMessage());
        }
    }

    /** Returns why the clock is not trusted, as the daemon that serves the directory says, behind a colon; else nothing. */
    String reason() {
        try {
            return ": " + StatusSummary.why(new Report(report()));
        } catch (IOException e) {
            return ""; // the reading came another way, or the daemon is gone
        }
    }

    /** Connects to a socket whose kind its name does not tell. */
    private static BoundedClock connect(Path socket) throws IOException {
        try {
            return ClockBoundClients.stream(socket);
        } catch (IOException notStream) {
            try {
                return ClockBoundClients.datagram(socket);
            } catch (IOException notDatagram) {
                notDatagram.addSuppressed(notStream);
                throw notDatagram;
            }
        }
    }

    /**
     * Returns the report of the daemon, or what a reading tells where only a segment may be read.
     *
     * @throws CtlException when no daemon gives one
     */
    Map<String, Object> report() throws IOException {
        if (only != null && only.segment != null) {
            try (BoundedClock clock = connect()) {
                Map<String, Object> report = Output.fields(clock.read());
                report.put("read_from", clock.description());
                return report;
            }
        }
        return ask(ClockBoundClients::status);
    }

    /**
     * Returns what has happened to the daemon's clock.
     *
     * @throws CtlException when no daemon tells
     */
    Map<String, Object> history(Instant since) throws IOException {
        if (only != null && only.segment != null) {
            throw new CtlException(ExitCode.USAGE, "a segment has no history: ask the daemon, without --shm");
        }
        return ask(directory -> ClockBoundClients.history(directory, since));
    }

    /**
     * Returns the report that has a daemon's metrics.
     *
     * @throws CtlException when no daemon gives one
     */
    Report metrics() throws IOException {
        if (only != null && only.segment != null) {
            throw new CtlException(
                    ExitCode.USAGE, "a segment has none of its daemon's metrics: ask the daemon, without --shm");
        }
        return new Report(report());
    }

    /** Asks a daemon for one of its reports. */
    private interface Question {

        String ask(Path directory) throws IOException;
    }

    private Map<String, Object> ask(Question question) throws IOException {
        Path directory = only == null
                ? directories.run()
                : Objects.requireNonNull(only.socket).toAbsolutePath().resolveSibling("");
        String json;
        try {
            json = question.ask(directory);
        } catch (IOException e) {
            throw noDaemon(
                    areMissing(directory, "clockboundd.sock", "clockboundd.stream.sock")
                            ? "no daemon serves in " + directory
                                    + ": start clockboundd, or name its directory with --run-dir"
                            : e.getMessage());
        }
        return Json.read(json);
    }

    /** Returns why a clock that {@link #connect} returned is not trusted, and the exit code that says so. */
    CtlException distrust(BoundedClock clock) throws IOException {
        if (only != null && only.segment != null) {
            return notTrusted(clock);
        }
        Map<String, Object> report;
        try {
            report = report();
        } catch (CtlException e) {
            // a daemon of ClockBound 0.1 answers and has no report; a segment outlives its daemon
            return isServed() ? notTrusted(clock) : e;
        }
        boolean isTrusted = Boolean.TRUE.equals(report.get("is_trusted"));
        if (!isTrusted && report.containsKey("last_poll")) {
            return CtlException.notTrusted(String.valueOf(report.get("status")), StatusSummary.why(new Report(report)));
        }
        return notTrusted(clock);
    }

    private boolean isServed() {
        try (BoundedClock socket = connect(
                only == null ? directories.run().resolve("clockboundd.sock") : Objects.requireNonNull(only.socket))) {
            return !socket.description().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    private static CtlException notTrusted(BoundedClock clock) {
        try {
            clock.now();
            return new CtlException(ExitCode.NOT_TRUSTED, "not synchronised a moment ago; it is now, so ask again");
        } catch (ClockNotTrustedException e) {
            return CtlException.notTrusted(e.status().name(), String.valueOf(e.getMessage()));
        }
    }

    private static CtlException noDaemon(@Nullable String message) {
        return new CtlException(ExitCode.NO_DAEMON, String.valueOf(message));
    }

    private static boolean areMissing(Path directory, String... names) {
        return Stream.of(names).map(directory::resolve).allMatch(Files::notExists);
    }

    /** The only way to ask; picocli refuses two. */
    private static final class OnlyWay {

        @Option(names = "--socket", paramLabel = "PATH", description = "Use only this socket of the daemon.")
        @Nullable
        private Path socket;

        @Option(names = "--shm", paramLabel = "PATH", description = "Use only this segment of shared memory.")
        @Nullable
        private Path segment;
    }
}
