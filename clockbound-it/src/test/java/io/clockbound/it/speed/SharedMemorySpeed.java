/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import io.clockbound.it.Program;
import io.clockbound.it.Programs;
import io.clockbound.it.interop.Crates;
import io.clockbound.it.speed.ClockReader.Outcome;
import io.clockbound.it.speed.SpeedTable.Cell;
import io.clockbound.it.speed.SpeedTable.Cell.Measured;
import io.clockbound.it.speed.SpeedTable.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/** Readers of one segment. */
final class SharedMemorySpeed {

    private static final String TWICE = " twice";
    private static final String C = "C";
    private static final String PUBLISHED = "clock-bound-client 2.0.3";

    private final Contest contest = new Contest();
    private final Map<JavaRuntime, ClockReader> readers = new LinkedHashMap<>();
    private final Map<JavaRuntime, Double> bytes = new LinkedHashMap<>();

    private SharedMemorySpeed() {}

    static SharedMemorySpeed of(List<JavaRuntime> runtimes, Path segment, Path directory, SpeedEffort effort)
            throws Exception {
        SharedMemorySpeed speed = new SharedMemorySpeed();
        int millis = effort.readings() * effort.batchMillis();
        Program twin = Program.compiled("reader", directory);
        speed.contest.add(C, () -> Speed.parse(twin.run("0", segment, millis, effort.batchMillis())));
        for (JavaRuntime runtime : runtimes) {
            ClockReader reader = ClockReader.ofSharedMemory(runtime, segment, directory, effort);
            speed.readers.put(runtime, reader);
            speed.contest.add(runtime.toString(), () -> speed.read(runtime, reader));
            speed.contest.add(runtime + TWICE, () -> reader.read("now", 2).speed());
        }
        if (Programs.find("cargo").isPresent()) {
            Crates.buildReaders();
            Program published = new Program(Crates.reader("speed"));
            speed.contest.add(PUBLISHED, () -> Speed.parse(published.run("0", segment, millis, effort.batchMillis())));
        }
        speed.contest.add(C + TWICE, () -> twice(twin, segment, millis, effort.batchMillis()));
        return speed;
    }

    void round() throws Exception {
        contest.round();
    }

    void report(SpeedTable table) throws Exception {
        List<JavaRuntime> runtimes = List.copyOf(readers.keySet());
        beside(table, C, 1.25, 0.95);
        if (contest.has(PUBLISHED)) {
            beside(table, PUBLISHED, 0.75, 0.60);
        } else {
            table.addNotMeasured("`now()`", PUBLISHED);
        }
        Figure twins = contest.ratio(C + TWICE, C, Speed::perSecond);
        table.add(
                "`now()`, 2 threads on 2 processors by 1 on 1",
                String.format(Locale.ROOT, "C: %.2f", twins.median()),
                runtimes,
                runtime -> cell(runtime + TWICE, runtime.toString(), Speed::perSecond, Target.atLeast(1.8)));
        Map<JavaRuntime, Double> ends = new LinkedHashMap<>();
        for (JavaRuntime runtime : runtimes) {
            ends.put(
                    runtime,
                    Objects.requireNonNull(readers.get(runtime))
                            .read("latestNanos", 1)
                            .bytes());
        }
        table.add("`now()`, bytes allocated", "", runtimes, runtime -> allocated(bytes, runtime, 32));
        table.add("`latestNanos()`, bytes allocated", "", runtimes, runtime -> allocated(ends, runtime, 0));
    }

    private void beside(SpeedTable table, String other, double limit, double limitOfLaterRuntimes) {
        table.add(
                "`now()`",
                other + ": " + SpeedTable.nanos(contest.median(other)),
                List.copyOf(readers.keySet()),
                runtime -> cell(
                        runtime.toString(),
                        other,
                        Speed::medianNanos,
                        Target.atMost(runtime.hasForeignFunctions() ? limitOfLaterRuntimes : limit)));
    }

    private Cell cell(String name, String other, ToDoubleFunction<Speed> number, Target target) {
        return new Measured(SpeedTable.nanos(contest.median(name)), contest.ratio(name, other, number), target);
    }

    /** Reads on each of two processors at the same time: what the machine gives to two that share nothing. */
    private static Speed twice(Program twin, Object... arguments) throws IOException, InterruptedException {
        Process other = twin.start("1", arguments);
        try {
            Speed here = Speed.parse(twin.run("0", arguments));
            Speed there = Speed.parse(new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            return new Speed(here.medianNanos(), here.lateNanos(), here.perSecond() + there.perSecond());
        } finally {
            other.destroyForcibly();
        }
    }

    private static Cell allocated(Map<JavaRuntime, Double> bytes, JavaRuntime runtime, int limit) {
        // JMH's own thread allocates a few hundredths
        double whole = Math.rint(Objects.requireNonNull(bytes.get(runtime)));
        return new Measured("", Figure.of(whole), Target.atMost(limit));
    }

    private Speed read(JavaRuntime runtime, ClockReader reader) throws Exception {
        Outcome outcome = reader.read("now", 1);
        bytes.put(runtime, outcome.bytes());
        return outcome.speed();
    }
}
