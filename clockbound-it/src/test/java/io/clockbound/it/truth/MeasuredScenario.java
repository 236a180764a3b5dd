/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.truth;

import static io.clockbound.ClockStatus.FREE_RUNNING;
import static io.clockbound.ClockStatus.SYNCHRONIZED;
import static io.clockbound.it.truth.Scenario.FAST_BY_50_MS;
import static io.clockbound.it.truth.Scenario.seconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockbound.it.Deadline;
import io.clockbound.it.truth.Stage.Script;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Something by which chronyd's own report says less than what it has measured, or nothing that may be believed.
 *
 * @param before commands of chronyc to the server before anybody follows it
 * @param routes by which the server is reached, under a different address each
 * @param directives further lines of the configuration of the chronyd that follows; {@code DIR} is a directory of its own
 * @param daemonOptions further options of the daemon
 * @param leastTrustedPercent how many of the readings have to be trusted, from the first trusted one on
 */
record MeasuredScenario(
        String name,
        List<String> before,
        List<Route> routes,
        List<String> directives,
        List<String> daemonOptions,
        int leastTrustedPercent,
        Script script) {

    private static final int ALMOST_ALL = 90;
    private static final String OFTEN = "minpoll -2 maxpoll -2 iburst";
    private static final Duration NO_DELAY = Duration.ZERO;

    /**
     * A way to the server.
     *
     * @param options of the server in chrony.conf
     */
    record Route(Duration toServer, Duration toClient, String options) {

        /** An honest server whose answers are wrong by half of what its requests are late. */
        static Route late(int millisToServer) {
            return new Route(Duration.ofMillis(millisToServer), NO_DELAY, OFTEN);
        }

        static Route symmetric(int millisEachWay) {
            return new Route(Duration.ofMillis(millisEachWay), Duration.ofMillis(millisEachWay), OFTEN);
        }

        static Route direct(String options) {
            return new Route(NO_DELAY, NO_DELAY, options);
        }

        /** Adds to the options that chronyd leaves it alone until it is told that it is online. */
        Route offline() {
            return new Route(toServer, toClient, options + " offline");
        }
    }

    /** Returns all of them, those that take longest first. */
    static List<MeasuredScenario> all() {
        return List.of(
                deadSource(),
                combined(
                        "6 ms each way, three others 24 ms late",
                        Route.symmetric(6),
                        Route.late(24),
                        Route.late(24),
                        Route.late(24)),
                startWithRarePolls(),
                reloadedSamples(),
                makestepByHand(),
                offsetByHand(),
                ignoredOffset(),
                combined("answers 10 and 25 ms late", Route.late(10), Route.late(25)),
                combined("answers 10 and 14 ms late", Route.late(10), Route.late(14)),
                notCombined("answers 10 and 25 ms late, not combined", Route.late(10), Route.late(25)),
                farAway(),
                told(),
                untrusted("one sample is kept", "maxsamples 1"),
                untrusted("no sample is good enough", "maxupdateskew 0.000001"),
                wrongDriftFile(),
                referenceClockOfUnknownError(),
                referenceClockOfKnownError(),
                referenceClockWithDelay());
    }

    /** chronyd's offset is a mean over the servers, its delay and its dispersion are those of one. */
    private static MeasuredScenario combined(String name, Route selected, Route... others) {
        return several(name, "", "[+]", selected, List.of(others));
    }

    private static MeasuredScenario notCombined(String name, Route selected, Route other) {
        return several(name, "combinelimit 0", "-", selected, List.of(other));
    }

    /** The clock is observed for a while after all the others are in that state. */
    private static MeasuredScenario several(
            String name, String directive, String state, Route selected, List<Route> others) {
        List<Route> routes = new ArrayList<>(List.of(selected));
        others.forEach(other -> routes.add(other.offline()));
        return new MeasuredScenario(name, FAST_BY_50_MS, routes, List.of(directive), List.of(), ALMOST_ALL, stage -> {
            stage.await(SYNCHRONIZED);
            stage.chronyd().chronyc("online");
            stage.awaitSources(others.size(), state);
            stage.go(seconds(4, 60));
        });
    }

    /** chronyd before 4.7 forgets the step that it could not make. */
    private static MeasuredScenario makestepByHand() {
        return byHand("makestep by hand", "doffset -0.3", List.of(), stage -> {
            for (int i = 0; i < seconds(3, 15); i++) {
                stage.awaitUpdate();
                assertThatThrownBy(() -> stage.chronyd().chronyc("makestep")).hasMessageContaining("500 Failure");
                stage.go(1);
            }
        });
    }

    /** It takes all of chronyd's correction away, and the wall clock stays as wrong as it was. */
    private static MeasuredScenario offsetByHand() {
        return byHand("doffset by hand", "doffset -0.05", List.of(), stage -> {
            for (int i = 0; i < seconds(3, 15); i++) {
                stage.awaitUpdate();
                stage.chronyd().chronyc("doffset", "0.05");
                stage.go(1);
            }
        });
    }

    /** From then on chronyd measures that it is wrong, and does nothing. */
    private static MeasuredScenario ignoredOffset() {
        MeasuredScenario ignored =
                byHand("maxchange ignores what is measured", "doffset -0.05", List.of("maxchange 0.01 1 -1"), stage -> {
                    stage.awaitUpdate();
                    stage.chronyd().chronyc("doffset", "0.05");
                    stage.go(seconds(6, 30));
                });
        return new MeasuredScenario(
                ignored.name, ignored.before, ignored.routes, ignored.directives, List.of(), 0, ignored.script);
    }

    private static MeasuredScenario byHand(String name, String before, List<String> directives, Script script) {
        List<Route> everyTwoSeconds = List.of(Route.direct("minpoll 1 maxpoll 1 iburst"));
        return new MeasuredScenario(
                name, List.of(before), everyTwoSeconds, directives, List.of(), ALMOST_ALL, stage -> {
                    stage.await(SYNCHRONIZED);
                    stage.awaitUpdates();
                    script.play(stage);
                });
    }

    /** chronyd comes back with what it had measured, and without the frequency of its clock. */
    private static MeasuredScenario reloadedSamples() {
        return new MeasuredScenario(
                "restart with -r, server drifts by 100 ppm",
                List.of("dfreq 100"),
                List.of(Route.direct("minpoll 1 maxpoll 1 iburst")),
                List.of("dumpdir DIR"),
                List.of(),
                ALMOST_ALL,
                stage -> {
                    stage.await(SYNCHRONIZED);
                    stage.go(seconds(10, 30));
                    stage.chronyd().chronyc("dump");
                    stage.chronyd().kill();
                    stage.chronyd().restart();
                    stage.go(seconds(10, 30));
                });
    }

    /** chronyd is told by an earlier run that its clock is off by 100 ppm, which it is not. */
    private static MeasuredScenario wrongDriftFile() {
        return new MeasuredScenario(
                "restart with a wrong drift file",
                List.of(),
                List.of(Route.direct("minpoll 1 maxpoll 1 iburst")),
                List.of("driftfile DIR/drift"),
                List.of(),
                70, // what was known grows while chronyd makes its first updates, and may become void on a busy machine
                stage -> {
                    stage.await(SYNCHRONIZED);
                    stage.go(2);
                    stage.chronyd().kill();
                    Files.writeString(stage.directory().resolve("drift"), "100.0 0.1\n");
                    stage.chronyd().restart();
                    stage.awaitUpdates();
                    stage.go(seconds(10, 30));
                });
    }

    /** chronyd goes on following a server that does not answer, until the history of the others is young enough. */
    private static MeasuredScenario deadSource() {
        Route other = new Route(Duration.ofMillis(20), NO_DELAY, "minpoll 0 maxpoll 0 minsamples 60 iburst").offline();
        return new MeasuredScenario(
                "the selected server dies, another lives",
                List.of(),
                List.of(Route.direct("minpoll 0 maxpoll 0 iburst"), other),
                List.of(),
                List.of(),
                70, // the reset takes what was measured away, until the second update after it
                stage -> {
                    stage.await(SYNCHRONIZED);
                    stage.chronyd().chronyc("online");
                    stage.go(seconds(4, 10));
                    stage.path().cut();
                    stage.await(FREE_RUNNING);
                    String advice = stage.daemon().reason();
                    // "reselect" alone helps when the others are about as near; otherwise chronyd then has no source
                    stage.chronyd().chronyc("reset", "sources");
                    stage.await(SYNCHRONIZED);
                    stage.go(1);
                    assertThat(advice).contains("chronyc reselect");
                });
    }

    /** The second update comes two seconds after the first, the third when a whole interval has passed. */
    private static MeasuredScenario startWithRarePolls() {
        int exponent = seconds(5, 6);
        return new MeasuredScenario(
                "start with a poll every " + (1 << exponent) + " s",
                List.of(),
                List.of(Route.direct("minpoll " + exponent + " iburst")),
                List.of(),
                List.of(),
                100,
                stage -> {
                    stage.await(SYNCHRONIZED);
                    stage.go(seconds(22, 66));
                    assertThat(stage.observer().statuses()).containsExactly(SYNCHRONIZED);
                });
    }

    /** So far away, chronyd's numbers come in steps of seconds. */
    private static MeasuredScenario farAway() {
        return new MeasuredScenario(
                "463 days wrong",
                List.of("doffset -40000000"),
                List.of(Route.direct(OFTEN)),
                List.of(),
                List.of(),
                0,
                stage -> {
                    stage.awaitUpdates();
                    stage.go(seconds(8, 60));
                    assertThat(stage.observer().statuses()).hasSizeLessThanOrEqualTo(1);
                });
    }

    /** Where the operator says that nothing steers the clock, the interval is as narrow as the measurement. */
    private static MeasuredScenario told() {
        return new MeasuredScenario(
                "50 ms wrong, 100 ppm, known to be undisciplined",
                List.of("doffset -0.05", "dfreq 100"),
                List.of(Route.direct(OFTEN)),
                List.of(),
                List.of("--clock", "undisciplined"),
                100,
                stage -> {
                    stage.await(SYNCHRONIZED);
                    stage.go(seconds(5, 60));
                    Deadline.await(
                            () -> "a half width below 5 ms",
                            () -> stage.observer().last().halfWidthNanos() < 5_000_000);
                });
    }

    /** chronyd never knows how fast its clock runs, though it has updated it often. */
    private static MeasuredScenario untrusted(String name, String directive) {
        return new MeasuredScenario(
                name, List.of(), List.of(Route.direct(OFTEN)), List.of(directive), List.of(), 0, stage -> {
                    stage.awaitUpdates();
                    stage.requireNoTrust(seconds(3, 20));
                    assertThat(stage.daemon().reason())
                            .contains("maxsamples", "maxupdateskew")
                            .doesNotContain("single update");
                });
    }

    private static MeasuredScenario referenceClockOfUnknownError() {
        return referenceClock("reference clock, its error untold", "", List.of(), stage -> {
            stage.awaitSelected(ReferenceClock.NAME);
            stage.requireNoTrust(seconds(3, 20));
            assertThat(stage.daemon().reason()).contains("reference-error");
        });
    }

    private static MeasuredScenario referenceClockOfKnownError() {
        String told = ReferenceClock.NAME + "=" + ReferenceClock.ERROR.toNanos() / 1_000 + "us";
        return referenceClock("reference clock, its error told", "", List.of("--reference-error", told), stage -> {
            stage.await(SYNCHRONIZED);
            stage.go(seconds(5, 60));
        });
    }

    /** Half of the delay in chrony.conf is part of the error of each measurement. */
    private static MeasuredScenario referenceClockWithDelay() {
        List<String> none = List.of("--reference-error", ReferenceClock.NAME + "=0");
        return referenceClock("reference clock, its delay told to chronyd", " delay 0.01", none, stage -> {
            stage.await(SYNCHRONIZED);
            stage.go(seconds(3, 60));
            assertThat(stage.observer().last().halfWidthNanos()).isGreaterThan(5_000_000);
        });
    }

    private static MeasuredScenario referenceClock(
            String name, String options, List<String> daemonOptions, Script script) {
        return new MeasuredScenario(
                name,
                List.of(),
                List.of(),
                List.of("refclock SOCK DIR/clock refid " + ReferenceClock.NAME + " poll 0 filter 4" + options),
                daemonOptions,
                0,
                stage -> {
                    try (ReferenceClock clock =
                            new ReferenceClock(stage.directory().resolve("clock"))) {
                        clock.start();
                        script.play(stage);
                    }
                });
    }

    /** Returns the directives of the chronyd that follows. */
    List<String> configuration(List<UdpPath> paths, String directory) {
        List<String> lines = new ArrayList<>(List.of("maxclockerror 1"));
        for (int i = 0; i < routes.size(); i++) {
            UdpPath path = paths.get(i);
            lines.add("server " + path.address() + " port " + path.port() + " "
                    + routes.get(i).options());
        }
        directives.forEach(directive -> lines.add(directive.replace("DIR", directory)));
        return lines;
    }
}
