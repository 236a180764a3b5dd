/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.daemon.ExitCode;
import io.clockbound.daemon.config.Version;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiPredicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** What {@code before} and {@code after} have in common: they compare an instant with the interval. */
final class OrderCommand {

    @Mixin
    private final ClientOptions client = new ClientOptions();

    @Mixin
    private final Output output = new Output();

    @Parameters(paramLabel = "T", converter = InstantText.class, description = InstantText.DESCRIPTION)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Instant instant;

    private int tell(String member, BiPredicate<BoundedInstant, Instant> question, String yes, String no)
            throws IOException {
        try (BoundedClock clock = client.connect()) {
            BoundedInstant now = clock.read();
            if (!now.status().isTrusted()) {
                throw client.whyNotTrusted(clock);
            }
            boolean isYes = question.test(now, instant);
            Map<String, Object> json = Output.fields(now);
            json.put(member, isYes);
            output.write(isYes ? "yes: " + yes : "no: " + no, json);
            return isYes ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    /** Tells whether an instant lies before the interval. */
    @Command(
            name = "before",
            description = "Tells whether T has certainly passed. Exits with 0 if it has, 1 if that is not certain,"
                    + " 3 without trust.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    static final class Before implements Callable<Integer> {

        @Mixin
        private final OrderCommand order = new OrderCommand();

        @Override
        public Integer call() throws IOException {
            return order.tell(
                    "is_past", BoundedInstant::isPast, "it has certainly passed", "it may not have passed yet");
        }
    }

    /** Tells whether an instant lies after the interval. */
    @Command(
            name = "after",
            description = "Tells whether T is certainly in the future. Exits with 0 if it is, 1 if that is not certain,"
                    + " 3 without trust.",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class)
    static final class After implements Callable<Integer> {

        @Mixin
        private final OrderCommand order = new OrderCommand();

        @Override
        public Integer call() throws IOException {
            return order.tell(
                    "is_future", BoundedInstant::isFuture, "it is certainly in the future", "it may have passed");
        }
    }
}
