/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.embedding;

import io.clockbound.BoundSettings;
import io.clockbound.BoundSettings.ClockDiscipline;
import io.clockbound.BoundedClock;
import io.clockbound.EmbeddedClock;
import io.clockbound.PollOutcome;
import io.clockbound.spi.Services;
import io.clockbound.spi.TimeSource;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/** A clock that this process keeps by a time source of its own. */
public final class OwnSource {

    private OwnSource() {}

    public static EmbeddedClock open(Path measurement, Consumer<PollOutcome> listener) {
        TimeSource receiver = Services.named(TimeSource.class, "receiver").with(Map.of("file", measurement.toString()));
        BoundSettings settings = BoundSettings.DEFAULTS
                .withMaxClockErrorPpb(50_000) // what the oscillator's data sheet says, for all temperatures
                .withDiscipline(ClockDiscipline.UNDISCIPLINED); // nothing sets this machine's clock
        return BoundedClock.embedded(receiver, settings, listener);
    }
}
