/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.clockbound.LocalClock;
import io.clockbound.chrony.testing.Answer;
import io.clockbound.daemon.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that read the clock of a daemon that runs. */
class ReadingCommandsTest extends RunningDaemon {

    @Test
    void nowShowsAnIntervalThatContainsTrueTime() throws Exception {
        synchronize();
        CtlRun run = run("now");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).matches("\\S+Z \\.\\. \\S+Z  ± \\S+ .?s  SYNCHRONIZED\n");

        long beforeNanos = LocalClock.system().epochNanos();
        JsonNode json = run("now", "--json").outJson();
        long afterNanos = LocalClock.system().epochNanos();
        assertThat(json.path("status").asText()).isEqualTo("SYNCHRONIZED");
        assertThat(json.path("is_trusted").asBoolean()).isTrue();
        assertThat(json.path("earliest_epoch_ns").asLong()).isLessThan(afterNanos);
        assertThat(json.path("latest_epoch_ns").asLong()).isGreaterThan(beforeNanos);
        assertThat(json.path("half_width_ns").asLong()).isPositive();
    }

    @Test
    void beforeIsYesOnlyForWhatHasCertainlyPassed() throws Exception {
        synchronize();
        assertThat(run("before", "2020-01-01T01:00:00+01:00"))
                .isEqualTo(new CtlRun(0, "yes: it has certainly passed\n", ""));
        assertThat(run("before", "9000000000000000000"))
                .isEqualTo(new CtlRun(1, "no: it may not have passed yet\n", ""));
        JsonNode json = run("before", "1", "--json").outJson();
        assertThat(json.path("is_past").asBoolean()).isTrue();
        assertThat(json.has("earliest_epoch_ns")).isTrue();
    }

    @Test
    void afterIsYesOnlyForWhatIsCertainlyInTheFuture() throws Exception {
        synchronize();
        assertThat(run("after", "9000000000000000000"))
                .isEqualTo(new CtlRun(0, "yes: it is certainly in the future\n", ""));
        assertThat(run("after", "2020-01-01T00:00:00Z")).isEqualTo(new CtlRun(1, "no: it may have passed\n", ""));
        assertThat(run("after", "1", "--json").outJson().path("is_future").asBoolean(true))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"now", "before 1", "after 1"})
    void withoutTrustNoIntervalIsShownButTheReason(String line) throws Exception {
        daemon.start();
        awaitReason("no reply");
        CtlRun people = run(line.split(" "));
        assertThat(people.code()).isEqualTo(ExitCode.NOT_TRUSTED);
        assertThat(people.out()).isEmpty();
        assertThat(people.err()).contains("not trusted, status UNKNOWN: " + chronyd.address() + ": no reply");
        CtlRun run = run((line + " --json").split(" "));
        assertThat(run.code()).isEqualTo(ExitCode.NOT_TRUSTED);
        assertThat(run.err()).isEmpty();
        JsonNode json = run.outJson();
        assertThat(json.path("status").asText()).isEqualTo("UNKNOWN");
        assertThat(json.path("is_trusted").asBoolean(true)).isFalse();
        assertThat(json.has("earliest_epoch_ns")).isFalse();
        assertThat(json.path("error").asText()).contains("no reply");
        assertThat(json.path("exit_code").asInt()).isEqualTo(ExitCode.NOT_TRUSTED);
    }

    @Test
    void watchWritesALineForEachReadingWhenStandardOutputIsNotATerminal() throws Exception {
        daemon.start();
        CtlRun untrusted = run("watch", "--count", "2", "--interval", "1ms");
        assertThat(untrusted.code()).isZero();
        assertThat(untrusted.out().lines())
                .hasSize(2)
                .allMatch(line -> line.matches("20..-..-..T..:..:..Z  not trusted, status UNKNOWN: .*no .*"));
        chronyd.answer(Answer.tracking());
        awaitTrust();
        assertThat(run("watch", "--count", "3", "--interval", "1ms").out().lines())
                .hasSize(3)
                .allMatch(line -> line.endsWith("SYNCHRONIZED"));
        assertThat(run("watch", "--count", "3", "--interval", "1ms", "--json")
                        .out()
                        .lines())
                .hasSize(3)
                .allMatch(line -> line.startsWith("{\"status\":\"SYNCHRONIZED\""))
                .allMatch(line ->
                        line.contains("\"wall_before_epoch_ns\":") && line.contains("\"wall_after_epoch_ns\":"));
    }
}
