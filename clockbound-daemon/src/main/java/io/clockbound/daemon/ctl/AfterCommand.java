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
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Tells whether an instant lies after the interval. */
@Command(
        name = "after",
        description =
                "Tells whether an instant has certainly not come yet: exit code 0 if so, 1 if that is not certain.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class AfterCommand implements Callable<Integer> {

    @Mixin
    private final ClientOptions client = new ClientOptions();

    @Mixin
    private final Output output = new Output();

    @Parameters(paramLabel = "T", converter = InstantText.class, description = InstantText.DESCRIPTION)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Instant instant;

    @Override
    public Integer call() throws IOException {
        try (BoundedClock clock = client.connect()) {
            BoundedInstant now = clock.read();
            if (!now.status().isTrusted()) {
                return output.writeUntrusted(clock, now);
            }
            boolean isFuture = now.isFuture(instant);
            Map<String, Object> json = Output.fields(now);
            json.put("answer", isFuture);
            output.write(isFuture ? "yes: it has certainly not come yet" : "no: it may have come", json);
            return isFuture ? ExitCode.OK : ExitCode.FAILED;
        }
    }
}
