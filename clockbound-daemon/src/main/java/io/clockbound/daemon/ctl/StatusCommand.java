/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import io.clockbound.daemon.ExitCode;
import io.clockbound.daemon.Json;
import io.clockbound.daemon.config.Version;
import io.clockbound.transport.ClockBoundClients;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what the daemon says of itself. */
@Command(
        name = "status",
        description = "Shows what the daemon knows, from where, and why it is not synchronised.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class StatusCommand implements Callable<Integer> {

    @Option(
            names = "--run-dir",
            paramLabel = "DIR",
            defaultValue = "/run/clockboundd",
            description = "Where the daemon's sockets are. Default: ${DEFAULT-VALUE}.")
    private Path runDirectory = Path.of("/run/clockboundd");

    @Mixin
    private final Output output = new Output();

    @Override
    public Integer call() throws IOException {
        Map<String, Object> status = Json.read(ClockBoundClients.status(runDirectory));
        output.write(StatusText.of(status), status);
        return Boolean.TRUE.equals(status.get("is_trusted")) ? ExitCode.OK : ExitCode.FAILED;
    }
}
