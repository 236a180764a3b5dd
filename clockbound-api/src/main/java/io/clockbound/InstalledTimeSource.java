/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import io.clockbound.spi.Services;
import io.clockbound.spi.TimeSource;
import java.util.List;
import java.util.stream.Collectors;

/** The time source of a clock for which none was chosen. */
final class InstalledTimeSource {

    private InstalledTimeSource() {}

    /** Returns the only installed time source. */
    static TimeSource only() {
        List<TimeSource> sources = Services.all(TimeSource.class);
        if (sources.isEmpty()) {
            throw new IllegalStateException(
                    "no time source is installed: put a jar with one, such as clockbound-chrony, on the class path");
        }
        if (sources.size() > 1) {
            throw new IllegalStateException("several time sources are installed: "
                    + sources.stream().map(TimeSource::name).collect(Collectors.joining(", "))
                    + "; choose one of them with Services.named(TimeSource.class, \""
                    + sources.get(0).name() + "\")");
        }
        return sources.get(0);
    }
}
