/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.daemon.ExitCode;
import io.clockbound.daemon.config.Version;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows the interval that contains true time. */
@Command(
        name = "now",
        description = "Shows the interval that contains true time.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class NowCommand implements Callable<Integer> {

    @Mixin
    private final ClientOptions client = new ClientOptions();

    @Mixin
    private final Output output = new Output();

    @Override
    public Integer call() throws IOException {
        try (BoundedClock clock = client.connect()) {
            BoundedInstant now = clock.read();
            if (!now.status().isTrusted()) {
                throw client.whyNotTrusted(clock);
            }
            output.write(Output.line(now), Output.fields(now));
            return ExitCode.OK;
        }
    }
}
