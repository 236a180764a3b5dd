/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import io.clockbound.ClockStatus;
import io.clockbound.daemon.metrics.Metric;
import io.clockbound.daemon.metrics.Samples;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a daemon's report says, as metrics in Prometheus' text format. */
final class MetricsText {

    private MetricsText() {}

    /** Returns that no daemon answers. */
    static Samples down() {
        Samples samples = new Samples();
        samples.add(Metric.UP, 0);
        return samples;
    }

    /** Returns what a report says; a daemon of another version may say less. Without trust, nothing of the bound. */
    static Samples samples(Report report) {
        Samples samples = new Samples();
        samples.add(Metric.UP, 1);
        samples.add(Metric.BUILD_INFO, 1, "java", report.text("java"), "version", report.text("version"));
        for (ClockStatus status : ClockStatus.values()) {
            samples.add(Metric.STATUS, status.name().equals(report.text("status")) ? 1 : 0, "status", status.name());
        }
        addSeconds(samples, Metric.LAST_POLL_AGE, report.object("last_poll"), "age_ns");
        if (report.is("is_trusted")) {
            addBound(samples, report.object("bound"));
            Report reply = report.object("last_reply");
            if (reply.has("measurement_age_ns")) {
                samples.add(
                        Metric.MEASUREMENT_AGE,
                        Metric.seconds(reply.number("measurement_age_ns") + reply.number("age_ns")));
                addSeconds(samples, Metric.MEASUREMENT_ERROR, reply, "measurement_error_ns");
            }
        }
        Report sources = report.object("sources");
        boolean isOfNow = sources.number("age_ns") <= Metric.SOURCES_NANOS;
        if (isOfNow && report.object("source").has("stratum")) {
            samples.add(Metric.STRATUM, (double) report.object("source").number("stratum"));
        }
        if (isOfNow && sources.number("known") > 0) {
            samples.add(Metric.SOURCES, (double) sources.number("heard"), "state", "heard");
            samples.add(
                    Metric.SOURCES, (double) (sources.number("known") - sources.number("heard")), "state", "silent");
        }
        report.object("transports").members().forEach((transport, server) -> {
            if (server instanceof Map<?, ?> counts) {
                samples.addServer(String.valueOf(transport), counts);
            }
        });
        return samples;
    }

    private static void addBound(Samples samples, Report bound) {
        addSeconds(samples, Metric.ERROR_BOUND, bound, "now_ns");
        addSeconds(samples, Metric.ERROR_BOUND_SYMMETRIC, bound, "symmetric_now_ns");
        addSeconds(samples, Metric.CORRECTION, bound, "correction_ns");
        if (bound.has("max_drift_ppb")) {
            samples.add(Metric.DRIFT_RATE, Metric.ppm(bound.number("max_drift_ppb")));
        }
        Report terms = bound.object("terms");
        for (Object term : terms.members().keySet()) {
            String name = String.valueOf(term);
            samples.add(
                    Metric.ERROR_BOUND_COMPONENT,
                    Metric.seconds(terms.number(name)),
                    "component",
                    name.replaceFirst("_ns$", ""));
        }
    }

    private static void addSeconds(Samples samples, Metric metric, Report of, String name) {
        if (of.has(name)) {
            samples.add(metric, Metric.seconds(of.number(name)));
        }
    }

    /** Returns the lines of Prometheus' text format. */
    static String of(Samples samples) {
        StringBuilder text = new StringBuilder();
        samples.byMetric().forEach((metric, values) -> {
            String name = metric.exportedName();
            text.append("# HELP ")
                    .append(name)
                    .append(' ')
                    .append(metric.help())
                    .append('\n');
            text.append("# TYPE ")
                    .append(name)
                    .append(' ')
                    .append(metric.typeName())
                    .append('\n');
            for (Samples.Sample sample : values) {
                text.append(name);
                for (int i = 0; i < sample.labels().size(); i += 2) {
                    text.append(i == 0 ? '{' : ',')
                            .append(sample.labels().get(i))
                            .append("=\"")
                            .append(escaped(sample.labels().get(i + 1)))
                            .append('"');
                }
                text.append(sample.labels().isEmpty() ? " " : "} ")
                        .append(sample.value())
                        .append('\n');
            }
        });
        return text.toString();
    }

    private static String escaped(String label) {
        return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    /**
     * Replaces a file at once, so that no reader sees half of it.
     *
     * @throws IOException when that fails; the file is then removed where that is possible, for its bound is an old one
     */
    static void replace(Path file, String text) throws IOException {
        @Nullable Path written = null;
        try {
            // node_exporter reads *.prom: not this one
            written = Files.createTempFile(
                    Objects.requireNonNull(file.getParent()), "." + file.getFileName() + ".", ".new");
            Files.writeString(written, text);
            Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("rw-r--r--"));
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            if (written != null) {
                Files.deleteIfExists(written);
            }
            throw new IOException("cannot write " + file + " (" + reason(e) + ")" + removed(file), e);
        }
    }

    private static String reason(IOException failure) {
        if (failure instanceof AccessDeniedException) {
            return "this user may not write in its directory";
        }
        return failure instanceof FileSystemException known && known.getReason() != null
                ? known.getReason()
                : String.valueOf(failure.getMessage());
    }

    private static String removed(Path file) {
        try {
            return Files.deleteIfExists(file)
                    ? "; the old one is removed, because its bound would be taken for the present one"
                    : "";
        } catch (IOException e) {
            return "; the old one is still there, and what it says is no longer so: remove it";
        }
    }
}
