/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.metrics;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of metrics at one instant. Not thread-safe. */
public final class Samples {

    private final Map<Metric, List<Sample>> byMetric = new EnumMap<>(Metric.class);

    /**
     * A value of a metric.
     *
     * @param labels names and values, each name before its value, the names in alphabetical order
     */
    public record Sample(List<String> labels, double value) {}

    /**
     * Adds a value.
     *
     * @param labels names and values, each name before its value
     */
    public void add(Metric metric, double value, String... labels) {
        byMetric.computeIfAbsent(metric, first -> new ArrayList<>()).add(new Sample(List.of(labels), value));
    }

    /**
     * Adds what a server has counted.
     *
     * @param counts as {@link io.clockbound.transport.TransportServer#counts} returns them, or a report of it has them
     */
    public void addServer(String transport, Map<?, ?> counts) {
        if (counts.get("requests") instanceof Map<?, ?> types) {
            types.forEach((type, results) -> {
                if (results instanceof Map<?, ?> byResult) {
                    byResult.forEach((result, count) -> addCount(
                            Metric.REQUESTS,
                            count,
                            "result",
                            String.valueOf(result),
                            "transport",
                            transport,
                            "type",
                            String.valueOf(type)));
                }
            });
        }
        addCount(Metric.CONNECTIONS_REFUSED, counts.get("turned_away"), "transport", transport);
        addCount(Metric.SOCKET_RENEWALS, counts.get("renewals"), "transport", transport);
    }

    private void addCount(Metric metric, @Nullable Object count, String... labels) {
        if (count instanceof Number number) {
            add(metric, number.doubleValue(), labels);
        }
    }

    /** Returns the metrics that have values, with them, in the order of {@link Metric}. */
    public Map<Metric, List<Sample>> byMetric() {
        return byMetric;
    }
}
