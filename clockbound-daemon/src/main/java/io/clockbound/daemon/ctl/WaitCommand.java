/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.LocalClock;
import io.clockbound.daemon.ExitCode;
import io.clockbound.daemon.config.DurationText;
import io.clockbound.daemon.config.Version;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Waits until the clock can be trusted. */
@Command(
        name = "wait",
        description = {
            "Waits until the clock is trusted and, with --max-bound, until the bound is small enough.",
            "Also waits for a daemon that does not run yet. When the time is over, exits with 1 if the bound is not small"
                    + " enough, 3 if the clock is not trusted, 4 if no daemon answers."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class WaitCommand implements Callable<Integer> {

    private static final long LOOK_NANOS = 1_000_000_000;

    @Mixin
    private final ClientOptions client = new ClientOptions();

    @Mixin
    private final Output output = new Output();

    @Option(
            names = "--max-bound",
            paramLabel = "TIME",
            converter = DurationText.class,
            description = "Also wait until half the width of the interval is at most TIME.")
    @Nullable
    private Duration maxBound;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "60s",
            converter = DurationText.class,
            description = "The longest time to wait. Default: ${DEFAULT-VALUE}.")
    private Duration timeout = Duration.ofSeconds(60);

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec command;

    private final LocalClock local = LocalClock.system();
    private CtlException missing = new CtlException(ExitCode.NOT_TRUSTED, "nothing was asked");

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (maxBound != null && maxBound.isZero()) {
            throw new ParameterException(command.commandLine(), "--max-bound must be at least 1ns");
        }
        long startNanos = local.monotonicNanos();
        long leftNanos = timeout.toNanos();
        while (true) {
            Optional<BoundedInstant> good = look(Math.min(leftNanos, LOOK_NANOS));
            leftNanos = timeout.toNanos() - (local.monotonicNanos() - startNanos);
            output.progress("");
            if (good.isPresent()) {
                output.write(Output.line(good.get()), Output.fields(good.get()));
                return ExitCode.OK;
            }
            if (leftNanos <= 0) {
                throw missing.after("not within " + DurationText.of(timeout.toNanos()) + ": ");
            }
            output.progress("waiting for another " + leftNanos / LOOK_NANOS + " s: " + missing.getMessage());
        }
    }

    /** Waits for at most this long; returns the reading, or sets {@link #missing} to the reason why there is none. */
    private Optional<BoundedInstant> look(long nanos) throws IOException, InterruptedException {
        try (BoundedClock clock = client.connect()) {
            BoundedClock narrow = maxBound == null ? clock : clock.withMaxHalfWidth(maxBound);
            try {
                return Optional.of(narrow.waitUntilTrusted(Duration.ofNanos(nanos)));
            } catch (TimeoutException e) {
                missing = missing(clock);
            }
        } catch (CtlException e) {
            missing = e;
            local.parkNanos(nanos);
        }
        return Optional.empty();
    }

    private CtlException missing(BoundedClock clock) throws IOException {
        BoundedInstant now = clock.read();
        return now.status().isTrusted()
                ? new CtlException(ExitCode.FAILED, "the error bound is " + DurationText.of(now.halfWidthNanos()))
                : client.whyNotTrusted(clock);
    }
}
