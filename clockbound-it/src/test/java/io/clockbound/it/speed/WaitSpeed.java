/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import io.clockbound.it.Program;
import io.clockbound.it.speed.ManyWaits.Kind;
import io.clockbound.it.speed.SpeedTable.Cell.Measured;
import io.clockbound.it.speed.SpeedTable.Cell.NotMeasured;
import io.clockbound.it.speed.SpeedTable.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/** Many that wait at the same time, each for an instant of its own. */
final class WaitSpeed {

    private final List<JavaRuntime> runtimes;
    private final Path segment;
    private final int count;
    private final Map<Kind, Map<JavaRuntime, List<Lateness>>> rounds = new EnumMap<>(Kind.class);

    WaitSpeed(List<JavaRuntime> runtimes, Path segment, SpeedEffort effort) {
        this.runtimes = runtimes;
        this.segment = segment;
        this.count = effort.waits();
        for (Kind kind : Kind.values()) {
            Map<JavaRuntime, List<Lateness>> ofKind = new LinkedHashMap<>();
            for (JavaRuntime runtime : runtimes) {
                if (kind != Kind.VIRTUAL_THREADS || runtime.hasVirtualThreads()) {
                    ofKind.put(runtime, new ArrayList<>());
                }
            }
            rounds.put(kind, ofKind);
        }
    }

    void round() throws IOException, InterruptedException {
        for (Map.Entry<Kind, Map<JavaRuntime, List<Lateness>>> ofKind : rounds.entrySet()) {
            for (Map.Entry<JavaRuntime, List<Lateness>> ofRuntime :
                    ofKind.getValue().entrySet()) {
                ofRuntime.getValue().add(run(ofRuntime.getKey(), ofKind.getKey()));
            }
        }
    }

    private Lateness run(JavaRuntime runtime, Kind kind) throws IOException, InterruptedException {
        return Lateness.parse(Program.run(List.of(
                runtime.home().resolve("bin/java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ManyWaits.class.getName(),
                kind.name(),
                segment.toString(),
                Integer.toString(count))));
    }

    /** Writes what came out, with a cell that says so where a runtime has no virtual threads. */
    void report(SpeedTable table) {
        String least = String.format(Locale.ROOT, "the last instant: %.2f s", ManyWaits.SPREAD_NANOS / 1e9);
        String number = String.format(Locale.ROOT, "%,d", count).replace(',', ' ');
        for (Kind kind : Kind.values()) {
            String what = number + " " + kind + " at once, ";
            add(table, kind, what + "how late the latest is, ms", "", Lateness::lastNanos, 1e6);
            add(table, kind, what + "how late the median is, ms", "", Lateness::medianNanos, 1e6);
            add(table, kind, what + "from the first instant until all are done, s", least, Lateness::allNanos, 1e9);
            add(table, kind, what + "processor time of each, µs", "", Lateness::processorNanos, 1e3);
        }
    }

    private void add(
            SpeedTable table,
            Kind kind,
            String what,
            String other,
            ToDoubleFunction<Lateness> nanos,
            double unitNanos) {
        Map<JavaRuntime, List<Lateness>> ofKind = Objects.requireNonNull(rounds.get(kind));
        table.add(what, other, runtimes, runtime -> {
            List<Lateness> measured = ofKind.get(runtime);
            if (measured == null) {
                return new NotMeasured("no virtual threads");
            }
            double[] numbers = measured.stream()
                    .mapToDouble(each -> nanos.applyAsDouble(each) / unitNanos)
                    .toArray();
            return new Measured("", Figure.of(numbers), Target.NONE);
        });
    }
}
