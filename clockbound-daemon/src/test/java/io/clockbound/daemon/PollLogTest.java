/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.PollOutcome;
import io.clockbound.PollOutcome.Result;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.LeapStatus;
import io.clockbound.spi.Measurement;
import io.clockbound.spi.ReferenceId;
import io.clockbound.testing.FakeTimeSource;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PollLogTest {

    private static final ReferenceId SERVER = new ReferenceId(0x0A000001, true);
    private static final ReferenceId PHC0 = ReferenceId.ofClock("PHC0");
    private static final String SYNCHRONIZED = "INFO Status UNKNOWN -> SYNCHRONIZED: error bound 80 µs";
    private static final String FREE_RUNNING =
            "WARN Status SYNCHRONIZED -> FREE_RUNNING: the last error bound keeps growing";

    private static final Measurement MEASUREMENT =
            new Measurement(1, 0, 80_000, 1_000_000_000, 16_000_000_000L, Optional.empty());

    private final FakeTimeSource source = new FakeTimeSource();
    private final PollLog log = new PollLog(source);
    private final CapturedLog lines = new CapturedLog(PollLog.class);

    @BeforeEach
    void synchronize() {
        log.note(good(SERVER));
    }

    @AfterEach
    void end() {
        lines.close();
    }

    @Test
    void theFirstGoodPollSaysWhatIsFollowedAndHowWell() {
        assertThat(lines.take()).containsExactly("INFO " + source.peer() + " follows 0A000001", SYNCHRONIZED);
    }

    @Test
    void whatDoesNotChangeIsNotSaidAgain() {
        lines.take();
        for (int i = 0; i < 100; i++) {
            log.note(good(SERVER));
        }
        assertThat(lines.take()).isEmpty();
    }

    @Test
    void theFirstOfARunOfEqualFailuresIsSaidAndTheirNumberAtTheEnd() {
        lines.take();
        for (int i = 0; i < 7; i++) {
            log.note(bad(Result.NO_ANSWER, "no answer", ClockStatus.FREE_RUNNING));
        }
        assertThat(lines.take()).containsExactly("WARN Time source: no answer", FREE_RUNNING);
        log.note(bad(Result.NO_ANSWER, "refused", ClockStatus.UNKNOWN));
        assertThat(lines.take())
                .containsExactly("WARN Time source: refused", "WARN Status FREE_RUNNING -> UNKNOWN: not synchronised");
        log.note(good(SERVER));
        assertThat(lines.take()).containsExactly("INFO Time source recovered; failed polls: 8", SYNCHRONIZED);
        log.note(bad(Result.NO_ANSWER, "refused", ClockStatus.FREE_RUNNING));
        assertThat(lines.take()).containsExactly("WARN Time source: refused", FREE_RUNNING);
    }

    @Test
    void aQuestionIsNotSaidAndChangesNothing() {
        lines.take();
        for (int i = 0; i < 3; i++) {
            log.note(bad(Result.PENDING, "the question is asked", ClockStatus.FREE_RUNNING));
            log.note(good(SERVER));
        }
        assertThat(lines.take()).isEmpty();
        for (int i = 0; i < 3; i++) {
            log.note(bad(Result.PENDING, "the question is asked", ClockStatus.SYNCHRONIZED));
            log.note(bad(Result.NO_ANSWER, "no answer", ClockStatus.FREE_RUNNING));
        }
        assertThat(lines.take()).containsExactly("WARN Time source: no answer", FREE_RUNNING);
        log.note(good(SERVER));
        assertThat(lines.take())
                .containsExactly(
                        "INFO Time source recovered; failed polls: 3",
                        "INFO Status FREE_RUNNING -> SYNCHRONIZED: error bound 80 µs");
    }

    @Test
    void aFaultOfTheProgramThatLastsIsAnErrorSaidOnce() {
        lines.take();
        for (int i = 0; i < 7; i++) {
            log.note(bad(Result.FAILED, "fault of the program: x", ClockStatus.UNKNOWN));
        }
        assertThat(lines.take())
                .containsExactly(
                        "ERROR No bound: fault of the program: x",
                        "WARN Status SYNCHRONIZED -> UNKNOWN: not synchronised");
    }

    @Test
    void everyDisruptionIsAnError() {
        lines.take();
        log.note(bad(Result.STEPPED, "the wall clock was stepped by PT1S", ClockStatus.DISRUPTED));
        assertThat(lines.take())
                .containsExactly(
                        "ERROR Clock disrupted: the wall clock was stepped by PT1S",
                        "ERROR Status SYNCHRONIZED -> DISRUPTED: not synchronised until the source has measured again");
        log.note(good(SERVER, ClockStatus.UNKNOWN));
        assertThat(lines.take()).containsExactly("WARN Status DISRUPTED -> UNKNOWN: not synchronised");
    }

    @Test
    void anotherReferenceIsSaid() {
        lines.take();
        log.note(good(PHC0));
        assertThat(lines.take()).containsExactly("INFO " + source.peer() + " follows PHC0");
        log.note(good(SERVER));
        assertThat(lines.take()).containsExactly("INFO " + source.peer() + " follows 0A000001");
    }

    @Test
    void whyASourceIsNotTrustedIsSaidOnceWithTheRemedy() {
        lines.take();
        for (int i = 0; i < 7; i++) {
            log.note(bad(Result.UNSYNCHRONIZED, "say it with reference-error PHC0=TIME", ClockStatus.UNKNOWN));
        }
        assertThat(lines.take())
                .containsExactly(
                        "WARN Time source: say it with reference-error PHC0=TIME",
                        "WARN Status SYNCHRONIZED -> UNKNOWN: not synchronised");
    }

    @Test
    void whyAClockRunsFreeIsSaidOnceAndAnotherReasonAgain() {
        lines.take();
        for (String reason : new String[] {"others do: 'chronyc reselect'", "no source answers any more"}) {
            for (int i = 0; i < 7; i++) {
                log.note(bad(Result.FREE_RUNNING, reason, ClockStatus.FREE_RUNNING));
            }
        }
        assertThat(lines.take())
                .containsExactly(
                        "WARN Time source: others do: 'chronyc reselect'",
                        FREE_RUNNING,
                        "WARN Time source: no source answers any more");
    }

    @Test
    void theLocalReferenceIsWarnedOf() {
        lines.take();
        log.note(good(ReferenceId.LOCAL));
        assertThat(lines.take())
                .containsExactly(
                        "INFO " + source.peer() + " follows 7F7F0101",
                        "WARN chronyd follows nothing but its own clock; the interval contains that clock's time");
    }

    private static PollOutcome good(ReferenceId reference) {
        return good(reference, ClockStatus.SYNCHRONIZED);
    }

    private static PollOutcome good(ReferenceId reference, ClockStatus status) {
        ClockSnapshot snapshot = new ClockSnapshot(
                reference,
                LeapStatus.NORMAL,
                Instant.EPOCH,
                1_000_000_000,
                0,
                0,
                0,
                0,
                80_000,
                0,
                0,
                0,
                0,
                MEASUREMENT);
        return new PollOutcome(
                Result.SYNCHRONIZED,
                "synchronised",
                "a peer",
                Optional.of(snapshot),
                Optional.empty(),
                bound(status),
                0);
    }

    private static PollOutcome bad(Result result, String detail, ClockStatus status) {
        return new PollOutcome(result, detail, "a peer", Optional.empty(), Optional.empty(), bound(status), 0);
    }

    private static ClockErrorBound bound(ClockStatus status) {
        return new ClockErrorBound(0, Long.MAX_VALUE, 0, 80_000, 0, status, 0, null);
    }
}
