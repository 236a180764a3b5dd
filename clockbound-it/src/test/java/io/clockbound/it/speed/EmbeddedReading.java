/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import io.clockbound.BoundSettings;
import io.clockbound.BoundedClock;
import io.clockbound.spi.Services;
import io.clockbound.spi.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Needs no daemon: this process asks chronyd at the address, ten times a second. */
public class EmbeddedReading extends ClockReading {

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Logger LOGGER = Logger.getLogger("io.clockbound");

    @Override
    BoundedClock clockAt(String address) throws InterruptedException, TimeoutException {
        LOGGER.setLevel(Level.WARNING); // what a clock assumes, it would say on standard error each time
        TimeSource chronyd = Services.named(TimeSource.class, "chrony").with(Map.of("address", address));
        BoundedClock clock = BoundedClock.embedded(chronyd, BoundSettings.DEFAULTS, poll -> {});
        clock.waitUntilTrusted(PATIENCE);
        return clock;
    }
}
