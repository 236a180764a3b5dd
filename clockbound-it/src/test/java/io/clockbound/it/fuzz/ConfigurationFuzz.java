/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.fuzz;

import io.clockbound.BoundSettings;
import io.clockbound.daemon.config.Invocation;
import io.clockbound.testing.Demand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whatever a configuration file says, it is understood within the ranges of its settings, or refused with its name. */
public final class ConfigurationFuzz {

    private static final Path FILE = file();

    private ConfigurationFuzz() {}

    /** Takes a file. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        Files.write(FILE, input);
        try {
            Invocation understood = Invocation.parse("--config", FILE.toString(), "--check-config");
            BoundSettings bound = understood.config().bound();
            Demand.that(0 <= bound.maxClockErrorPpb(), "a clock error is not negative");
            Demand.that(bound.maxClockErrorPpb() < 1_000_000_000, "a clock error is below a second a second");
            Demand.that(bound.pollInterval().toMillis() >= 100, "a poll interval is not below 100 ms");
            Demand.that(bound.pollInterval().toSeconds() <= 60, "a poll interval is not above 60 s");
            Demand.that(!bound.holdover().isNegative(), "a holdover is not negative");
            Demand.that(!understood.config().transports().isEmpty(), "a daemon has a transport");
            Demand.that(understood.isCheckOnly(), "a file does not overrule the command line");
        } catch (IllegalArgumentException e) {
            Demand.that(String.valueOf(e.getMessage()).contains(FILE.toString()), "a refusal names the file");
        }
    }

    private static Path file() {
        try {
            Path file = Files.createTempFile("configuration-fuzz", ".conf");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
