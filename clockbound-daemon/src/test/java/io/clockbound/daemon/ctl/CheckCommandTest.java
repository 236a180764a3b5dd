/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.chrony.testing.Answer;
import io.clockbound.chrony.testing.TrackingReply;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What Nagios and compatible monitors see. */
@Timeout(120)
class CheckCommandTest {

    @TempDir
    Path directory;

    @Test
    void aBoundWithinTheLimitsIsFineAndItsPerformanceDataAreInSeconds() throws Exception {
        try (ServedClock clock = new ServedClock(directory)) {
            clock.synchronize();
            CtlRun run = clock.run("check", "--warn", "10m", "--crit", "20m");
            assertThat(run.code()).as(run.toString()).isZero();
            assertThat(run.out())
                    .matches("CLOCKBOUND OK - bound \\S+ .?s, SYNCHRONIZED \\| bound=0\\.\\d+s;600;1200;0\n");
            assertThat(clock.run("check").out()).matches("CLOCKBOUND OK .* \\| bound=0\\.\\d+s;;;0\n");
        }
    }

    @Test
    void aBoundOverALimitIsAWarningOrCritical() throws Exception {
        try (ServedClock clock = new ServedClock(directory)) {
            clock.synchronize();
            CtlRun warning = clock.run("check", "-w", "1ns", "-c", "20m");
            assertThat(warning.code()).isEqualTo(1);
            assertThat(warning.out()).startsWith("CLOCKBOUND WARNING - bound ").endsWith(";0.000000001;1200;0\n");
            CtlRun critical = clock.run("check", "--warn=1ns", "--crit=2ns", "--json");
            assertThat(critical.code()).isEqualTo(2);
            assertThat(critical.outJson().path("level").asText()).isEqualTo("critical");
            assertThat(critical.outJson().path("text").asText()).contains("is over --crit 2 ns");
            assertThat(clock.run("check", "--warn=1ns").out()).contains("is over --warn 1 ns");
            assertThat(critical.outJson().path("half_width_ns").asLong()).isPositive();
        }
    }

    @Test
    void aClockThatIsNotTrustedIsCriticalWithTheReasonAndWithoutABound() throws Exception {
        try (ServedClock clock = new ServedClock(directory)) {
            clock.chronyd.answer(Answer.tracking(TrackingReply.unsynchronized()));
            CtlRun run;
            do {
                run = clock.run("check", "--warn=10ms", "--crit=100ms");
            } while (run.out().contains("no poll") || run.out().contains("no reply"));
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.out())
                    .startsWith("CLOCKBOUND CRITICAL - not trusted, status UNKNOWN: ")
                    .contains("it has no reference")
                    .endsWith(" | bound=U;0.01;0.1;0\n")
                    .hasLineCount(1);
        }
    }

    @Test
    void aDaemonThatIsGoneIsCriticalInOneLine() {
        CtlRun run = CtlRun.of("check", "--run-dir=" + directory, "--shm-dir=" + directory);
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out())
                .startsWith("CLOCKBOUND CRITICAL - no daemon ")
                .endsWith(" | bound=U;;;0\n")
                .hasLineCount(1);
        assertThat(run.err()).isEmpty();
    }

    @Test
    void aDaemonThatIsGoneIsCriticalWithTheRemedyThoughItsSegmentIsStillThere() throws Exception {
        CtlRun run;
        try (ServedClock clock = new ServedClock(directory)) {
            clock.daemonEnds();
            run = clock.run("check");
        }
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out())
                .startsWith("CLOCKBOUND CRITICAL - no daemon serves in " + directory + ": start clockboundd")
                .endsWith(" | bound=U;;;0\n")
                .hasLineCount(1);
    }

    @Test
    void aWrongCommandLineIsUnknownWhichIsNoAlarm() {
        CtlRun run = CtlRun.of("check", "--warn", "10");
        assertThat(run.code()).isEqualTo(3);
        assertThat(run.err()).contains("'10' must be a number and a unit").hasLineCount(1);
        assertThat(CtlRun.of("check", "--warn=2s", "--crit=1s"))
                .extracting(CtlRun::code, CtlRun::err)
                .containsExactly(
                        3,
                        "clockboundctl check: --warn is more than --crit, so that there would never be a warning; see"
                                + " clockboundctl check --help\n");
    }

    @Test
    void outputThatIsLostIsUnknown() throws Exception {
        PrintStream standardOutput = System.out;
        try (PrintStream full = new PrintStream(new FileOutputStream("/dev/full"))) {
            System.setOut(full);
            assertThat(ClockBoundCtl.commandLine().execute("check", "--run-dir=" + directory))
                    .isEqualTo(3);
        } finally {
            System.setOut(standardOutput);
        }
    }
}
