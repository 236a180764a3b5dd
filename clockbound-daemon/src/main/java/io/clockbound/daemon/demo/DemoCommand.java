/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.demo;

import com.google.inject.Guice;
import com.google.inject.Stage;
import io.clockbound.BoundSettings;
import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.LocalClock;
import io.clockbound.daemon.Daemon;
import io.clockbound.daemon.DaemonModule;
import io.clockbound.daemon.ExitCode;
import io.clockbound.daemon.Signals;
import io.clockbound.daemon.config.DaemonConfig;
import io.clockbound.daemon.config.DurationText;
import io.clockbound.daemon.config.TransportOptions;
import io.clockbound.daemon.config.Version;
import io.clockbound.daemon.log.LogSettings;
import io.clockbound.spi.ErrorBoundProvider;
import io.clockbound.spi.Services;
import io.clockbound.transport.Transport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.event.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows a daemon and its clock, without root and without set-up. */
@Command(
        name = "demo",
        description = {
            "Runs a daemon in a temporary directory and shows its readings.",
            "It asks the chronyd of this machine when that is synchronised. Otherwise it starts a private pair of"
                    + " chronyds, which never touch the clock, or, where chrony is not installed, simulates one."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class DemoCommand implements Callable<Integer> {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

    @Option(
            names = "--readings",
            paramLabel = "N",
            description = "Number of readings to show, one a second. Default: ${DEFAULT-VALUE}.")
    private int readings = 10;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (readings < 1) {
            throw new ParameterException(spec.commandLine(), "--readings must be at least 1");
        }
        PrintWriter out = spec.commandLine().getOut();
        Thread thread = Thread.currentThread();
        Signals.handle("INT", thread::interrupt);
        Signals.handle("TERM", thread::interrupt);
        Path directory = Files.createTempDirectory("clockbound-demo");
        try (DemoSource source = DemoSource.find();
                Daemon daemon = daemon(source, directory)) {
            daemon.start();
            out.println("Time source: " + source.description());
            out.println("Daemon:      " + directory);
            out.println("Ask it:      clockboundctl status --run-dir " + directory);
            out.flush();
            return show(daemon.clock(), source, out);
        } catch (InterruptedException e) {
            return ExitCode.OK; // ended by a signal
        } finally {
            delete(directory);
        }
    }

    /** Deletes a directory and its contents: a daemon leaves its shared memory to the next one. */
    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static Daemon daemon(DemoSource source, Path directory) {
        BoundSettings settings = BoundSettings.DEFAULTS
                .withMaxClockErrorPpb(50_000)
                .withReferenceError(SimulatedTimeSource.REFERENCE, Duration.ZERO);
        DaemonConfig config = new DaemonConfig(
                new LogSettings(Level.WARN, LogSettings.Format.text),
                settings,
                source.source(),
                Services.all(ErrorBoundProvider.class),
                Optional.empty(),
                transports(directory),
                true,
                Optional.empty(),
                List.of());
        return Guice.createInjector(Stage.PRODUCTION, new DaemonModule(config)).getInstance(Daemon.class);
    }

    private static List<Transport> transports(Path directory) {
        Map<String, String> settings = Map.of(
                "run-dir",
                directory.toString(),
                "shm-dir",
                directory.resolve("shm").toString());
        return Services.all(Transport.class).stream()
                .map(transport -> TransportOptions.configured(transport, settings))
                .toList();
    }

    private int show(BoundedClock clock, DemoSource source, PrintWriter out) throws IOException, InterruptedException {
        long startNanos = LocalClock.system().monotonicNanos();
        try {
            clock.waitUntilTrusted(LONGEST_WAIT);
        } catch (TimeoutException e) {
            out.println(e.getMessage());
            return ExitCode.FAILED;
        }
        out.printf(
                "Synchronised after %s.%n%n%-31s %-31s %-12s %-13s %s%n",
                DurationText.of(LocalClock.system().monotonicNanos() - startNanos),
                "earliest",
                "latest",
                "half width",
                "status",
                "true time");
        for (int i = 0; i < readings; i++) {
            printReading(clock, source, out);
            TimeUnit.SECONDS.sleep(1);
        }
        return ExitCode.OK;
    }

    private static void printReading(BoundedClock clock, DemoSource source, PrintWriter out) throws IOException {
        long wallBeforeNanos = LocalClock.system().epochNanos();
        BoundedInstant now = clock.read();
        long wallAfterNanos = LocalClock.system().epochNanos();
        if (!now.status().isTrusted()) {
            out.printf("%-31s %-31s %-12s %s%n", "-", "-", "-", now.status());
            out.flush();
            return;
        }
        OptionalLong offsetNanos = source.trueOffsetNanos();
        String verdict = offsetNanos.isEmpty()
                ? "unknown"
                : now.earliestNanos() <= wallAfterNanos + offsetNanos.getAsLong()
                                && wallBeforeNanos + offsetNanos.getAsLong() <= now.latestNanos()
                        ? "inside"
                        : "OUTSIDE";
        out.printf(
                "%-31s %-31s %-12s %-13s %s%n",
                now.earliest(), now.latest(), DurationText.of(now.halfWidthNanos()), now.status(), verdict);
        out.flush();
    }
}
