/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import io.clockbound.it.speed.SpeedTable.Cell;
import io.clockbound.it.speed.SpeedTable.Cell.Measured;
import io.clockbound.it.speed.SpeedTable.Target;
import java.nio.file.Path;
import java.util.List;

/** A clock that needs no daemon, beside the reader of a daemon's segment; and one end of the interval beside all of it. */
final class EmbeddedSpeed {

    private static final String EMBEDDED = "embedded clock";
    private static final String SHARED_MEMORY = "shared memory";

    private final Contest contest = new Contest();
    private final List<JavaRuntime> runtimes;

    private EmbeddedSpeed(List<JavaRuntime> runtimes) {
        this.runtimes = runtimes;
    }

    /**
     * Prepares it.
     *
     * @param chronyd the address that the embedded clocks ask
     */
    static EmbeddedSpeed of(
            List<JavaRuntime> runtimes, Path segment, String chronyd, Path directory, SpeedEffort effort) {
        EmbeddedSpeed speed = new EmbeddedSpeed(runtimes);
        for (JavaRuntime runtime : runtimes) {
            ClockReader memory = ClockReader.ofSharedMemory(runtime, segment, directory, effort);
            ClockReader embedded = new ClockReader(EmbeddedReading.class, chronyd, runtime, directory, effort);
            for (String method : List.of("read", "now", "latestNanos")) {
                speed.contest.add(
                        name(runtime, EMBEDDED, method),
                        () -> embedded.read(method, 1).speed());
                speed.contest.add(
                        name(runtime, SHARED_MEMORY, method),
                        () -> memory.read(method, 1).speed());
            }
        }
        return speed;
    }

    private static String name(JavaRuntime runtime, String clock, String method) {
        return runtime + ", " + clock + ", " + method;
    }

    void round() throws Exception {
        contest.round();
    }

    void report(SpeedTable table) {
        for (String method : List.of("read", "now")) {
            table.add(
                    "`" + method + "()`, " + EMBEDDED + " by " + SHARED_MEMORY,
                    "",
                    runtimes,
                    runtime -> cell(name(runtime, EMBEDDED, method), name(runtime, SHARED_MEMORY, method)));
        }
        for (String clock : List.of(EMBEDDED, SHARED_MEMORY)) {
            table.add(
                    "`latestNanos()` by `now()`, " + clock,
                    "",
                    runtimes,
                    runtime -> cell(name(runtime, clock, "latestNanos"), name(runtime, clock, "now")));
        }
    }

    /** Both are of the same runtime, so each cell has both. */
    private Cell cell(String one, String other) {
        String absolute = SpeedTable.nanos(contest.median(one)) + " by " + SpeedTable.nanos(contest.median(other));
        return new Measured(absolute, contest.ratio(one, other, Speed::medianNanos), Target.NONE);
    }
}
