/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.LocalClock;
import io.clockbound.daemon.ExitCode;
import io.clockbound.daemon.Signals;
import io.clockbound.daemon.config.DurationText;
import io.clockbound.daemon.config.Version;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the clock repeatedly. */
@Command(
        name = "watch",
        description = {
            "Shows the interval, the history of its width and the changes of the status, until it is interrupted.",
            "Writes a line for each reading when standard output is not a terminal, or with --json."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class WatchCommand implements Callable<Integer> {

    @Mixin
    private final ClientOptions client = new ClientOptions();

    @Mixin
    private final Output output = new Output();

    @Option(names = "--count", paramLabel = "N", description = "End after N readings.")
    private long count = Long.MAX_VALUE;

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            defaultValue = "1s",
            converter = DurationText.class,
            description = "Time between two readings. Default: ${DEFAULT-VALUE}.")
    private Duration interval = Duration.ofSeconds(1);

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        Signals.handle("INT", interrupted::countDown);
        boolean isLive = Terminal.isStandardOutput() && !output.isJson;
        try (BoundedClock clock = client.connect()) {
            WatchView view =
                    new WatchView(clock.description(), spec.commandLine().getOut());
            for (long i = 0; i < count; i++) {
                if (i > 0 && interrupted.await(interval.toNanos(), TimeUnit.NANOSECONDS)) {
                    break;
                }
                LocalClock local = LocalClock.system();
                long wallBeforeNanos = local.epochNanos();
                BoundedInstant now = clock.read();
                long wallAfterNanos = local.epochNanos();
                if (isLive) {
                    view.show(now, local.instant());
                } else {
                    output.write(line(now), fields(now, wallBeforeNanos, wallAfterNanos));
                }
            }
            return ExitCode.OK;
        }
    }

    /** Adds what the wall clock showed before and after the reading: the interval need not lie around it. */
    private static Map<String, Object> fields(BoundedInstant now, long wallBeforeNanos, long wallAfterNanos) {
        Map<String, Object> fields = Output.fields(now);
        fields.put("wall_before_epoch_ns", wallBeforeNanos);
        fields.put("wall_after_epoch_ns", wallAfterNanos);
        return fields;
    }

    private static String line(BoundedInstant now) {
        return now.status().isTrusted() ? Output.line(now) : "-  " + now.status();
    }
}
