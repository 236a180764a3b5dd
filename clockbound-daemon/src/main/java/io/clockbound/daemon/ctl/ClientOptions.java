/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The daemon that a command asks. */
final class ClientOptions {

    private static final String SOCKET = "--socket";
    static final String SEGMENT = "--shm";
    private static final String RUN_DIRECTORY = "--run-dir";
    private static final String SHM_DIRECTORY = "--shm-dir";

    /** The faster one first. */
    private static final List<String> SOCKETS = List.of("clockboundd.stream.sock", "clockboundd.sock");

    private static final List<String> SEGMENTS = List.of("shm0", "shm");

    @Mixin
    private final DirectoryOptions directories = new DirectoryOptions();

    @Mixin
    @SuppressWarnings("UnusedVariable") // it acts when picocli sets it
    private final NativeOption way = new NativeOption();

    @Option(names = SOCKET, paramLabel = "PATH", description = "Use only this socket of the daemon.")
    @Nullable
    private Path socket;

    @Option(names = SEGMENT, paramLabel = "PATH", description = "Use only this segment of shared memory.")
    @Nullable
    private Path segment;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec command;

    /**
     * Connects to the daemon.
     *
     * @throws CtlException when there is none; the message says what was tried and what mends it
     * @throws ParameterException when the options name two daemons
     */
    BoundedClock connect() throws CtlException {
        requireOneDaemon();
        try {
            return open();
        } catch (IOException e) {
            throw noDaemon(isNothingThere() ? "no daemon serves in " + tried() : e.getMessage());
        }
    }

    private BoundedClock open() throws IOException {
        if (segment != null) {
            return ClockBoundClients.sharedMemory(segment);
        }
        if (socket != null) {
            requireSocket(socket);
            return either(ClockBoundClients::stream, socket, ClockBoundClients::datagram, socket);
        }
        Path run = directories.run();
        Path shm = directories.shm();
        if (asksRunDirectoryOnly()) {
            return either(
                    ClockBoundClients::stream,
                    run.resolve(SOCKETS.get(0)),
                    ClockBoundClients::datagram,
                    run.resolve(SOCKETS.get(1)));
        }
        if (asksSegmentsOnly()) {
            return either(
                    ClockBoundClients::sharedMemory,
                    shm.resolve(SEGMENTS.get(0)),
                    ClockBoundClients::sharedMemory,
                    shm.resolve(SEGMENTS.get(1)));
        }
        return ClockBoundClients.connect(run, shm);
    }

    /** Opens a clock at a path. */
    private interface Opening {

        BoundedClock at(Path path) throws IOException;
    }

    /** Returns the first clock, or the second where there is no first. */
    private static BoundedClock either(Opening first, Path firstPath, Opening second, Path secondPath)
            throws IOException {
        try {
            return first.at(firstPath);
        } catch (IOException noFirst) {
            try {
                return second.at(secondPath);
            } catch (IOException noSecond) {
                if (Files.exists(firstPath) && Files.notExists(secondPath)) {
                    throw noFirst;
                }
                noSecond.addSuppressed(noFirst);
                throw noSecond;
            }
        }
    }

    /**
     * Refuses options of which each names a daemon. One directory alone is asked in its own way only: at the default of the
     * other there may be another daemon.
     */
    private void requireOneDaemon() {
        String only = socket != null ? SOCKET : SEGMENT;
        for (String other : List.of(SEGMENT, RUN_DIRECTORY, SHM_DIRECTORY)) {
            if ((socket != null || segment != null) && !only.equals(other) && isNamed(other)) {
                throw new ParameterException(
                        command.commandLine(),
                        only + " and " + other + " exclude each other, because each names the daemon to ask: leave one"
                                + " out");
            }
        }
    }

    private boolean isNamed(String option) {
        return command.commandLine().getParseResult().hasMatchedOption(option);
    }

    /** Tells whether the daemon may be asked in no way that answers more than a reading. */
    private boolean asksSegmentsOnly() {
        return segment != null || (socket == null && isNamed(SHM_DIRECTORY) && !isNamed(RUN_DIRECTORY));
    }

    private boolean asksRunDirectoryOnly() {
        return isNamed(RUN_DIRECTORY) && !isNamed(SHM_DIRECTORY);
    }

    private boolean isNothingThere() {
        boolean isDirectory = socket == null && segment == null;
        return isDirectory
                && (asksSegmentsOnly() || areMissing(directories.run(), SOCKETS))
                && (asksRunDirectoryOnly() || areMissing(directories.shm(), SEGMENTS));
    }

    /** Returns the directories that were looked into, and the remedy. */
    private String tried() {
        if (asksSegmentsOnly()) {
            return directories.shm() + ": start clockboundd, or name its directory with " + SHM_DIRECTORY;
        }
        Optional<String> removed = removedSockets(directories.run());
        if (removed.isPresent()) {
            return removed.get();
        }
        boolean isOne = asksRunDirectoryOnly() || directories.run().equals(directories.shm());
        return isOne
                ? directories.run() + ": start clockboundd, or name its directory with " + RUN_DIRECTORY
                : directories.run() + " or " + directories.shm()
                        + ": start clockboundd, or name its directories with " + RUN_DIRECTORY + " and "
                        + SHM_DIRECTORY;
    }

    /** A daemon's end removes this file, and the end of a killed one leaves both this and the sockets. */
    private static Optional<String> removedSockets(Path directory) {
        Path pid = directory.resolve("clockboundd.pid");
        return Files.exists(pid) && areMissing(directory, SEGMENTS) // which have such a file, too
                ? Optional.of(directory + ", but " + pid + " is there: another program has removed the sockets of"
                        + " its clockboundd; restart it")
                : Optional.empty();
    }

    private static void requireSocket(Path path) throws IOException {
        if (Files.isDirectory(path) || Files.isRegularFile(path)) {
            throw new IOException(path + " is a " + (Files.isDirectory(path) ? "directory" : "file")
                    + ", not a socket: name one of the daemon's, such as "
                    + ClockBoundClients.RUN_DIRECTORY.resolve(SOCKETS.get(1)));
        }
    }

    /**
     * Returns behind a colon why a reading is what it is, as its daemon says; where that says nothing, why the clock is not
     * trusted; nothing when neither is known.
     */
    String reason(BoundedClock clock) {
        if (!asksSegmentsOnly()) {
            try {
                return ": " + StatusSummary.why(new Report(report()));
            } catch (IOException e) {
                // a daemon of ClockBound 0.1, which has no report, or one that is gone
            }
        }
        try {
            clock.now();
            return "";
        } catch (ClockNotTrustedException e) {
            return ": " + e.why();
        }
    }

    /**
     * Returns the report of the daemon, or what a reading tells where only a segment may be read.
     *
     * @throws CtlException when no daemon gives one
     */
    Map<String, Object> report() throws IOException {
        requireOneDaemon();
        if (asksSegmentsOnly()) {
            try (BoundedClock clock = connect()) {
                BoundedInstant now = clock.read();
                Map<String, Object> report = Output.fields(now);
                if (!now.status().isTrusted()) {
                    report.put("why", reason(clock).replaceFirst("^: ", ""));
                }
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
        requireSocketWay("a segment has no history");
        return ask(directory -> ClockBoundClients.history(directory, since));
    }

    /**
     * Returns the report that has a daemon's metrics.
     *
     * @throws CtlException when no daemon gives one
     */
    Report metrics() throws IOException {
        requireSocketWay("a segment has none of its daemon's metrics");
        return new Report(report());
    }

    private void requireSocketWay(String why) throws CtlException {
        requireOneDaemon();
        if (asksSegmentsOnly()) {
            throw new CtlException(ExitCode.USAGE, why + ": ask the daemon, with " + RUN_DIRECTORY + " or " + SOCKET);
        }
    }

    /** Asks a daemon for one of its reports. */
    private interface Question {

        String ask(Path directory) throws IOException;
    }

    private Map<String, Object> ask(Question question) throws IOException {
        Path directory =
                socket == null ? directories.run() : socket.toAbsolutePath().resolveSibling("");
        String json;
        try {
            json = question.ask(directory);
        } catch (IOException e) {
            throw noDaemon(
                    areMissing(directory, SOCKETS)
                            ? "no daemon serves in "
                                    + removedSockets(directory)
                                            .orElse(directory + ": start clockboundd, or name its directory with "
                                                    + RUN_DIRECTORY)
                            : e.getMessage());
        }
        return Json.read(json);
    }

    /** Returns why a clock that {@link #connect} returned is not trusted, and the exit code that says so. */
    CtlException whyNotTrusted(BoundedClock clock) throws IOException {
        if (asksSegmentsOnly()) {
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
        Path path = socket == null ? directories.run().resolve(SOCKETS.get(1)) : socket;
        try (BoundedClock served = either(ClockBoundClients::stream, path, ClockBoundClients::datagram, path)) {
            return !served.description().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    private static CtlException notTrusted(BoundedClock clock) {
        try {
            clock.now();
            return new CtlException(ExitCode.NOT_TRUSTED, "not trusted a moment ago; it is now, so ask again");
        } catch (ClockNotTrustedException e) {
            return CtlException.notTrusted(e.status().name(), e.why());
        }
    }

    private static CtlException noDaemon(@Nullable String message) {
        return new CtlException(ExitCode.NO_DAEMON, String.valueOf(message));
    }

    private static boolean areMissing(Path directory, List<String> names) {
        return names.stream().map(directory::resolve).allMatch(Files::notExists);
    }
}
