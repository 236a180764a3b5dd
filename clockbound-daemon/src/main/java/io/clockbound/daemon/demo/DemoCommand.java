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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.event.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the whole thing at once, without root and without set-up. */
@Command(
        name = "demo",
        description = {
            "Runs a daemon in a temporary directory and shows what it answers.",
            "It asks the chronyd of this machine when that is synchronised; else a private pair of chronyds, which never"
                    + " touch the clock, when the program is installed; else a simulated one."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class DemoCommand implements Callable<Integer> {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

    @Option(
            names = "--readings",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many readings to show, one a second. Default: ${DEFAULT-VALUE}.")
    int readings;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        CountDownLatch interrupted = new CountDownLatch(1);
        Signals.handle("INT", interrupted::countDown);
        Signals.handle("TERM", interrupted::countDown);
        Path directory = Files.createTempDirectory("clockbound-demo");
        try (DemoSource source = DemoSource.find();
                Daemon daemon = daemon(source, directory)) {
            daemon.start();
            out.println("Time source: " + source.description());
            out.println("Daemon:      " + directory);
            out.println("Ask it:      clockboundctl status --run-dir " + directory);
            out.flush();
            return show(daemon.clock(), source, interrupted, out);
        } finally {
            delete(directory);
        }
    }

    /** Deletes it with all that is in it: a daemon leaves its shared memory to the next one. */
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

    private int show(BoundedClock clock, DemoSource source, CountDownLatch interrupted, PrintWriter out)
            throws IOException, InterruptedException {
        LocalClock local = LocalClock.system();
        long start = local.monotonicNanos();
        while (!clock.read().status().isTrusted()) {
            if (local.monotonicNanos() - start > LONGEST_WAIT.toNanos()) {
                out.println("Not synchronised within " + LONGEST_WAIT.toSeconds() + " s: "
                        + clock.read().status());
                out.flush();
                return ExitCode.FAILED;
            }
            if (interrupted.await(50, TimeUnit.MILLISECONDS)) {
                return ExitCode.OK;
            }
        }
        out.printf(
                "Synchronised after %s.%n%n%-31s %-31s %-12s %-13s %s%n",
                DurationText.of(local.monotonicNanos() - start),
                "earliest",
                "latest",
                "half width",
                "status",
                "true time");
        for (int i = 0; i < readings; i++) {
            printReading(clock, source, out);
            if (interrupted.await(1, TimeUnit.SECONDS)) {
                break;
            }
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
