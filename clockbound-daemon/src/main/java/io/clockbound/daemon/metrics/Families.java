/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;

/** Metrics as the families of Prometheus' library. */
final class Families {

    private static final String TOTAL = "_total";

    private Families() {}

    /** Without exemplars, for which the library would keep a thread that works at every poll. */
    static Counter counter(Metric metric, String... labels) {
        return Counter.builder()
                .name(metric.exportedName())
                .help(metric.help())
                .labelNames(labels)
                .withoutExemplars()
                .build();
    }

    /** Without exemplars, as all. */
    static Histogram histogram(Metric metric, double... upperBounds) {
        return Histogram.builder()
                .name(metric.exportedName())
                .help(metric.help())
                .classicUpperBounds(upperBounds)
                .withoutExemplars()
                .build();
    }

    static MetricSnapshots of(Samples samples) {
        List<MetricSnapshot> all = new ArrayList<>();
        samples.byMetric()
                .forEach((metric, values) -> all.add(
                        switch (metric.type()) {
                            case GAUGE -> gauge(metric, values);
                            case COUNTER -> counter(metric, values);
                            case HISTOGRAM ->
                                throw new IllegalArgumentException(metric + " has no values of one instant");
                        }));
        return new MetricSnapshots(all);
    }

    private static MetricSnapshot gauge(Metric metric, List<Samples.Sample> values) {
        GaugeSnapshot.Builder builder =
                GaugeSnapshot.builder().name(metric.exportedName()).help(metric.help());
        values.forEach(sample -> builder.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder()
                .labels(labels(sample))
                .value(sample.value())
                .build()));
        return builder.build();
    }

    /** The library wants counters without the end of their names, which it adds. */
    private static MetricSnapshot counter(Metric metric, List<Samples.Sample> values) {
        String name = metric.exportedName();
        CounterSnapshot.Builder builder = CounterSnapshot.builder()
                .name(name.substring(0, name.length() - TOTAL.length()))
                .help(metric.help());
        values.forEach(sample -> builder.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                .labels(labels(sample))
                .value(sample.value())
                .build()));
        return builder.build();
    }

    private static Labels labels(Samples.Sample sample) {
        return Labels.of(sample.labels().toArray(String[]::new));
    }
}
