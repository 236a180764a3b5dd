/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.metrics;

import io.clockbound.SourceList;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The sources of the time source, as metric families; absent where it does not tell them. */
final class SourceFamilies {

    private SourceFamilies() {}

    static void add(List<MetricSnapshot> all, SourceList sources) {
        sources.followed()
                .ifPresent(followed -> all.add(Families.gauge(
                        "clockbound_stratum",
                        "Distance of this clock from the primary reference.",
                        followed.stratum() + 1)));
        if (!sources.sources().isEmpty()) {
            Map<String, Double> counts = new LinkedHashMap<>();
            counts.put("heard", (double) sources.heard());
            counts.put("silent", (double) (sources.sources().size() - sources.heard()));
            all.add(Families.gauges(
                    "clockbound_sources", "Sources of the time source, by whether they reply.", "state", counts));
        }
    }
}
