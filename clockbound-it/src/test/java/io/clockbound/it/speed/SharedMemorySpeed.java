/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import io.clockbound.it.Program;
import io.clockbound.it.Programs;
import io.clockbound.it.interop.Crates;
import io.clockbound.it.speed.SharedMemoryReader.Outcome;
import io.clockbound.it.speed.SpeedTable.Row;
import io.clockbound.it.speed.SpeedTable.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Readers of one segment. */
final class SharedMemorySpeed {

    private static final String OURS = "now()";
    private static final String TWO = "now() in 2 threads";
    private static final String C = "C";
    private static final String TWO_C = "C twice";
    private static final String PUBLISHED = "clock-bound-client 2.0.3";

    private final Contest contest = new Contest();
    private final Contest threads = new Contest();
    private final SharedMemoryReader reader;
    private final List<Double> bytes = new ArrayList<>();

    private SharedMemorySpeed(SharedMemoryReader reader) {
        this.reader = reader;
    }

    static SharedMemorySpeed of(Path segment, Path directory, SpeedEffort effort) throws Exception {
        SharedMemorySpeed speed = new SharedMemorySpeed(new SharedMemoryReader(segment, directory, effort));
        int millis = effort.readings() * effort.batchMillis();
        Program twin = Program.compiled("reader", directory);
        speed.contest.add(C, () -> Speed.parse(twin.run("0", segment, millis, effort.batchMillis())));
        speed.contest.add(OURS, speed::read);
        if (Programs.find("cargo").isPresent()) {
            Crates.buildReaders();
            Program published = new Program(Crates.reader("speed"));
            speed.contest.add(PUBLISHED, () -> Speed.parse(published.run("0", segment, millis, effort.batchMillis())));
        }
        speed.threads.add(C, () -> Speed.parse(twin.run("0", segment, millis, effort.batchMillis())));
        speed.threads.add(TWO_C, () -> twice(twin, segment, millis, effort.batchMillis()));
        speed.threads.add(OURS, () -> speed.reader.read("now", 1).speed());
        speed.threads.add(TWO, () -> speed.reader.read("now", 2).speed());
        return speed;
    }

    void round() throws Exception {
        contest.round();
        threads.round();
    }

    void report(SpeedTable table) throws Exception {
        String what = "shared memory, `now()`";
        String ours = SpeedTable.nanos(contest.median(OURS));
        table.add(new Row(
                what,
                ours,
                "C: " + SpeedTable.nanos(contest.median(C)),
                contest.ratio(OURS, C, Speed::medianNanos),
                Target.atMost(1.25)));
        table.add(
                contest.has(PUBLISHED)
                        ? new Row(
                                what,
                                ours,
                                PUBLISHED + ": " + SpeedTable.nanos(contest.median(PUBLISHED)),
                                contest.ratio(OURS, PUBLISHED, Speed::medianNanos),
                                Target.atMost(0.75))
                        : Row.notMeasured(what, ours, PUBLISHED, Target.atMost(0.75)));
        table.add(scaled("`now()`, 2 threads on 2 processors", "", TWO, OURS, Target.atLeast(1.8)));
        table.add(scaled("2 readers in C on 2 processors", "C: ", TWO_C, C, Target.NONE));
        table.add(allocated("now()", bytes.get(0), 40));
        table.add(allocated("latestNanos()", reader.read("latestNanos", 1).bytes(), 0));
    }

    private Row scaled(String what, String who, String two, String one, Target target) {
        return new Row(
                "shared memory, " + what,
                who + SpeedTable.rate(threads.median(two)),
                who + "1 on 1: " + SpeedTable.rate(threads.median(one)),
                threads.ratio(two, one, Speed::perSecond),
                target);
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

    private static Row allocated(String method, double bytes, int limit) {
        // JMH's own thread allocates a few hundredths
        return new Row(
                "shared memory, `" + method + "`, bytes allocated", "", "", Math.rint(bytes), Target.atMost(limit));
    }

    private Speed read() throws Exception {
        Outcome outcome = reader.read("now", 1);
        bytes.add(outcome.bytes());
        return outcome.speed();
    }
}
