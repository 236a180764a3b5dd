/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Map;

/** Metric families with the values of one instant. */
final class Families {

    private static final double NANOS_PER_SECOND = 1e9;

    private Families() {}

    static MetricSnapshot gauge(String name, String help, double value) {
        return GaugeSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                        .value(value)
                        .build())
                .build();
    }

    static MetricSnapshot gauges(String name, String help, String label, Map<String, Double> values) {
        GaugeSnapshot.Builder builder = GaugeSnapshot.builder().name(name).help(help);
        values.forEach((key, value) -> builder.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                .labels(Labels.of(label, key))
                .value(value)
                .build()));
        return builder.build();
    }

    static MetricSnapshot counters(String name, String help, String label, Map<String, Double> values) {
        CounterSnapshot.Builder builder =
                CounterSnapshot.builder().name(name.replaceFirst("_total$", "")).help(help);
        values.forEach((key, value) -> builder.dataPoint(point(value, Labels.of(label, key))));
        return builder.build();
    }

    static CounterSnapshot.CounterDataPointSnapshot point(double value, Labels labels) {
        return CounterSnapshot.CounterDataPointSnapshot.builder()
                .labels(labels)
                .value(value)
                .build();
    }

    static double seconds(long nanos) {
        return nanos / NANOS_PER_SECOND;
    }
}
