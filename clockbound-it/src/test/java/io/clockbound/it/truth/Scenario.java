/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.truth;

import static io.clockbound.ClockStatus.FREE_RUNNING;
import static io.clockbound.ClockStatus.SYNCHRONIZED;
import static io.clockbound.ClockStatus.UNKNOWN;

import io.clockbound.ClockStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Something that happens to a clock.
 *
 * @param maxClockErrorPpm what chronyd and the daemon are told of the oscillator
 * @param before commands of chronyc to the server before anybody follows it
 * @param delayToServer the path's delay in one direction; nothing when there is no path between client and server
 * @param script what happens once the daemon is synchronised
 * @param statuses those that are to be seen, in order
 */
public record Scenario(
        String name,
        int maxClockErrorPpm,
        List<String> before,
        Optional<Duration> delayToServer,
        Stage.Script script,
        List<ClockStatus> statuses) {

    private static final boolean IS_FULL = "full".equals(System.getProperty("clockbound.it.length"));

    /**
     * A delay to the server makes a fast clock look less fast than it is, so that true time lies at the very edge of the
     * interval.
     */
    static final List<String> FAST_BY_50_MS = List.of("doffset 0.05");

    /** Returns all of them, those that take longest first. */
    public static List<Scenario> all() {
        return List.of(
                cutPath(),
                deadChronyd(),
                pathTurningAsymmetric(),
                steady("correction of 0", List.of()),
                steady("wall clock fast by 50 ms", FAST_BY_50_MS),
                steady("drift of 100 ppm", List.of("dfreq 100")),
                steady("drift of -200 ppm", List.of("dfreq -200")),
                crossingZero(),
                frequencyStep(),
                asymmetricPath(),
                believedPathTurningAsymmetric());
    }

    private static Scenario steady(String name, List<String> before) {
        return new Scenario(
                name, 1, before, Optional.empty(), stage -> stage.go(seconds(5, 60)), List.of(SYNCHRONIZED));
    }

    /** The correction approaches zero and grows again on the other side. */
    private static Scenario crossingZero() {
        List<String> before = List.of(IS_FULL ? "doffset -0.001" : "doffset -0.00015", "dfreq 30");
        return new Scenario(
                "drift of 30 ppm across 0",
                1,
                before,
                Optional.empty(),
                stage -> stage.go(seconds(8, 60)),
                List.of(SYNCHRONIZED));
    }

    private static Scenario frequencyStep() {
        return new Scenario(
                "frequency steps by 50 ppm, 60 ppm told",
                60,
                List.of(),
                Optional.empty(),
                stage -> {
                    stage.go(seconds(3, 30));
                    stage.command("dfreq", "50");
                    stage.go(seconds(5, 30));
                },
                List.of(SYNCHRONIZED));
    }

    private static Scenario deadChronyd() {
        return new Scenario(
                "chronyd stopped, killed and restarted",
                1,
                List.of("dfreq 100"),
                Optional.empty(),
                stage -> {
                    stage.go(seconds(3, 10));
                    stage.chronyd().suspend();
                    stage.await(FREE_RUNNING);
                    stage.await(UNKNOWN);
                    stage.go(seconds(1, 9));
                    stage.chronyd().resume();
                    stage.await(SYNCHRONIZED);
                    stage.go(seconds(1, 10));
                    stage.chronyd().kill();
                    stage.await(FREE_RUNNING);
                    stage.await(UNKNOWN);
                    stage.go(seconds(1, 9));
                    stage.chronyd().restart();
                    stage.await(SYNCHRONIZED);
                    stage.go(seconds(2, 10));
                },
                List.of(SYNCHRONIZED, FREE_RUNNING, UNKNOWN, SYNCHRONIZED, FREE_RUNNING, UNKNOWN, SYNCHRONIZED));
    }

    /** With so much drift that the path's own delay can't hide a bound that doesn't grow. */
    private static Scenario cutPath() {
        return new Scenario(
                "path cut for " + seconds(17, 40) + " s",
                1,
                List.of("dfreq 300"),
                Optional.of(Duration.ZERO),
                stage -> {
                    stage.go(seconds(2, 10));
                    stage.path().cut();
                    stage.await(FREE_RUNNING);
                    stage.go(seconds(1, 24));
                    stage.path().mend();
                    stage.await(SYNCHRONIZED);
                    stage.go(seconds(2, 10));
                },
                List.of(SYNCHRONIZED, FREE_RUNNING, SYNCHRONIZED));
    }

    private static Scenario asymmetricPath() {
        return new Scenario(
                "path with 10 ms in one direction",
                1,
                FAST_BY_50_MS,
                Optional.of(Duration.ofMillis(10)),
                stage -> stage.go(seconds(5, 60)),
                List.of(SYNCHRONIZED));
    }

    /** chronyd refuses samples whose delay is so much longer than before, and so has none. */
    private static Scenario pathTurningAsymmetric() {
        return new Scenario(
                "path turns asymmetric by 20 ms",
                1,
                FAST_BY_50_MS,
                Optional.of(Duration.ZERO),
                stage -> {
                    stage.go(seconds(2, 10));
                    stage.path().delay(Duration.ofMillis(20), Duration.ZERO);
                    stage.await(FREE_RUNNING);
                    stage.go(seconds(1, 20));
                    stage.path().delay(Duration.ZERO, Duration.ZERO);
                    stage.await(SYNCHRONIZED);
                    stage.go(seconds(1, 10));
                },
                List.of(SYNCHRONIZED, FREE_RUNNING, SYNCHRONIZED));
    }

    private static Scenario believedPathTurningAsymmetric() {
        return new Scenario(
                "path turns asymmetric, chronyd follows",
                1,
                FAST_BY_50_MS,
                Optional.of(Duration.ZERO),
                stage -> {
                    stage.chronyd().chronyc("maxdelaydevratio", "127.0.0.1", "1000000");
                    stage.go(seconds(3, 20));
                    stage.path().delay(Duration.ofMillis(20), Duration.ZERO);
                    stage.go(seconds(7, 40));
                },
                List.of(SYNCHRONIZED));
    }

    /** Returns how long something is to last in a run of the length that was asked for. */
    public static int seconds(int shortRun, int fullRun) {
        return IS_FULL ? fullRun : shortRun;
    }
}
