/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.embedding;

import io.clockbound.spi.ErrorBoundProvider;
import io.clockbound.spi.ReferenceId;
import io.clockbound.spi.Services;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** What the measurements of a GPS receiver do not show: the length of its antenna's cable. */
public final class AntennaError implements ErrorBoundProvider {

    private static final ReferenceId GPS = ReferenceId.ofClock("GPS");

    private final long errorNanos;

    /** For the service loader. */
    public AntennaError() {
        this(250);
    }

    private AntennaError(long errorNanos) {
        this.errorNanos = errorNanos;
    }

    @Override
    public String name() {
        return "antenna";
    }

    @Override
    public ErrorBoundProvider with(Map<String, String> settings) {
        Services.requireKnown(name(), settings, Set.of("error_ns"));
        return new AntennaError(Long.parseLong(settings.getOrDefault("error_ns", Long.toString(errorNanos))));
    }

    @Override
    public OptionalLong errorNanos(ReferenceId reference) {
        return reference.equals(GPS) ? OptionalLong.of(errorNanos) : OptionalLong.empty();
    }
}
