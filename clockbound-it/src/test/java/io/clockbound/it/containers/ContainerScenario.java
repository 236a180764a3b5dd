/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.containers;

import static io.clockbound.ClockStatus.FREE_RUNNING;
import static io.clockbound.ClockStatus.SYNCHRONIZED;
import static io.clockbound.ClockStatus.UNKNOWN;
import static io.clockbound.it.truth.Scenario.seconds;

import io.clockbound.ClockStatus;
import io.clockbound.chrony.testing.TestChronyd;
import io.clockbound.it.Engine;
import io.clockbound.it.truth.Stage;
import java.util.List;

/**
 * Something that happens to a chronyd in a container.
 *
 * @param image what its chronyd is from
 * @param before commands of chronyc to the server before anybody follows it
 * @param script what happens once the daemon is synchronised
 * @param statuses those that are to be seen, in order: one of these courses
 */
record ContainerScenario(
        String name, String image, List<String> before, Script script, List<List<ClockStatus>> statuses) {

    /** Far off and running away: an interval that is not renewed as it should be loses true time at once. */
    private static final List<String> FAST_AND_DRIFTING = List.of("doffset 0.05", "dfreq 100");

    private static final List<ClockStatus> LOST_AND_FOUND = List.of(SYNCHRONIZED, FREE_RUNNING, UNKNOWN, SYNCHRONIZED);

    /** What happens on a stage, and to the container of the chronyd that the daemon asks. */
    interface Script {
        void play(Stage stage, ChronyContainer container) throws Exception;
    }

    /** What happens to a chronyd. */
    private interface Act {
        void on(TestChronyd chronyd) throws Exception;
    }

    static List<ContainerScenario> all() {
        return List.of(
                lost("paused", TestChronyd::suspend, TestChronyd::resume),
                lost("killed, started again", TestChronyd::kill, TestChronyd::restart),
                replaced(),
                steady("fast by 50 ms", Engine.BASE, List.of("doffset 0.05")),
                steady("drift of 100 ppm", Engine.BASE, FAST_AND_DRIFTING),
                steady("fast by 50 ms", Engine.NEWER_CHRONY, List.of("doffset 0.05")),
                steady("drift of 100 ppm", Engine.NEWER_CHRONY, FAST_AND_DRIFTING));
    }

    private static ContainerScenario steady(String name, String image, List<String> before) {
        return new ContainerScenario(
                name, image, before, (stage, container) -> stage.go(seconds(5, 30)), List.of(List.of(SYNCHRONIZED)));
    }

    /** Its chronyd is lost until after trust has ended, and found again. */
    private static ContainerScenario lost(String name, Act lose, Act find) {
        return new ContainerScenario(
                name,
                Engine.BASE,
                FAST_AND_DRIFTING,
                (stage, container) -> {
                    stage.go(seconds(2, 10));
                    lose.on(stage.chronyd());
                    stage.await(FREE_RUNNING);
                    stage.await(UNKNOWN);
                    stage.go(seconds(1, 5));
                    find.on(stage.chronyd());
                    stage.await(SYNCHRONIZED);
                    stage.go(seconds(2, 10));
                },
                List.of(LOST_AND_FOUND));
    }

    /** An upgrade: the next container is there before trust has ended. It may be synchronised before it is asked. */
    private static ContainerScenario replaced() {
        return new ContainerScenario(
                "replaced by a newer one",
                Engine.BASE,
                FAST_AND_DRIFTING,
                (stage, container) -> {
                    stage.go(seconds(2, 10));
                    stage.chronyd().kill();
                    stage.await(FREE_RUNNING);
                    container.replaceBy(Engine.NEWER_CHRONY);
                    stage.chronyd().restart();
                    stage.await(SYNCHRONIZED);
                    stage.go(seconds(2, 10));
                },
                List.of(LOST_AND_FOUND, List.of(SYNCHRONIZED, FREE_RUNNING, SYNCHRONIZED)));
    }
}
