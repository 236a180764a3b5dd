/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import io.clockbound.spi.ErrorBoundProvider;
import io.clockbound.spi.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An {@link EmbeddedClock} whose polls a test makes, in place of its thread. */
public final class PolledClock {

    private final EmbeddedClock clock;

    /** Creates a clock that does not poll by itself. */
    public PolledClock(
            LocalClock local,
            TimeSource source,
            List<ErrorBoundProvider> providers,
            BoundSettings settings,
            Consumer<PollOutcome> listener,
            @Nullable VmClock vmClock) {
        clock = new EmbeddedClock(local, source, providers, settings, listener, Optional.ofNullable(vmClock));
    }

    /** Returns what other code reads. */
    public BoundedClock clock() {
        return clock;
    }

    /** Polls once, and returns how long to wait before the next poll. */
    public Duration poll() {
        return clock.poll();
    }
}
