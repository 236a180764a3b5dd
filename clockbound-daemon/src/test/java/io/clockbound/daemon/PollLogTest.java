/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.BoundSettings;
import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.ErrorBoundTracker;
import io.clockbound.PollOutcome;
import io.clockbound.PollOutcome.Result;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.LeapStatus;
import io.clockbound.spi.Measurement;
import io.clockbound.spi.ReferenceId;
import io.clockbound.spi.TimeSource;
import io.clockbound.testing.FakeTimeSource;
import io.clockbound.testing.SimulatedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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
    private final SimulatedClock clock = new SimulatedClock(Instant.parse("2026-06-01T00:00:00Z"));
    private final PollLog log = new PollLog(source, clock);
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
    void theFirstGoodPollSaysHowWellAndWhatIsFollowedInOneLine() {
        assertThat(lines.take()).containsExactly(SYNCHRONIZED + "; " + source.peer() + " follows 0A000001");
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
    void aChangeAndItsReasonAreOneLineAndTheFailuresAreCountedAtTheEnd() {
        lines.take();
        for (int i = 0; i < 7; i++) {
            log.note(bad(Result.NO_ANSWER, "no answer", ClockStatus.FREE_RUNNING));
        }
        assertThat(lines.take()).containsExactly(FREE_RUNNING + ": no answer");
        log.note(bad(Result.NO_ANSWER, "refused", ClockStatus.UNKNOWN));
        assertThat(lines.take()).containsExactly("WARN Status FREE_RUNNING -> UNKNOWN: not trusted: refused");
        log.note(good(SERVER));
        assertThat(lines.take())
                .containsExactly(
                        SYNCHRONIZED + "; " + source.peer() + " follows 0A000001; polls that failed before: 8");
        log.note(bad(Result.NO_ANSWER, "refused", ClockStatus.FREE_RUNNING));
        assertThat(lines.take()).containsExactly(FREE_RUNNING + ": refused");
    }

    @Test
    void aQuestionIsNotSaidAndChangesNothing() {
        lines.take();
        for (int i = 0; i < 3; i++) {
            log.note(bad(Result.PENDING, "the question is asked", ClockStatus.FREE_RUNNING));
            log.note(good(SERVER));
        }
        assertThat(lines.take()).isEmpty();
    }

    @Test
    void aFaultOfTheProgramThatLastsIsAnErrorSaidOnce() {
        lines.take();
        for (int i = 0; i < 7; i++) {
            log.note(bad(Result.FAILED, "fault of the program: x", ClockStatus.UNKNOWN));
        }
        assertThat(lines.take())
                .containsExactly("ERROR Status SYNCHRONIZED -> UNKNOWN: not trusted: fault of the program: x");
    }

    @Test
    void aDisruptionIsAnErrorAndItsEndIsSaid() {
        lines.take();
        for (int i = 0; i < 7; i++) {
            log.note(bad(Result.DISRUPTION_FORCED, "a disruption is forced", ClockStatus.DISRUPTED));
        }
        assertThat(lines.take())
                .containsExactly(
                        "ERROR Status SYNCHRONIZED -> DISRUPTED: not trusted until the time source has measured"
                                + " again: a disruption is forced");
        log.note(good(SERVER, ClockStatus.UNKNOWN));
        assertThat(lines.take())
                .containsExactly(
                        "WARN Status DISRUPTED -> UNKNOWN: not trusted; the disruption is over, and the next poll may"
                                + " begin the trust; " + source.peer() + " follows 0A000001");
    }

    @Test
    void aTimeInWhichNobodyPolledAndTheTrustEndedIsSaid() {
        log.note(voidAfter(Duration.ofMillis(5_100)));
        lines.take();
        clock.advance(Duration.ofSeconds(5));
        log.note(bad(Result.PENDING, "the question is asked", ClockStatus.SYNCHRONIZED));
        assertThat(lines.take()).isEmpty();
        clock.advance(Duration.ofSeconds(19));
        log.note(bad(Result.PENDING, "the question is asked", ClockStatus.SYNCHRONIZED));
        log.note(good(SERVER));
        log.note(bad(Result.PENDING, "the question is asked", ClockStatus.SYNCHRONIZED));
        assertThat(lines.take())
                .containsExactly(
                        "WARN No poll for 24 s: this program was stopped, or had no processor time; the clock was not"
                                + " trusted for the last 18.9 s of it");
    }

    /** The poll after it finds no trust that its question could use up, and has no outcome but its last. */
    @Test
    void aPauseOfThisProgramIsSaidOnceByThePollAfterIt() {
        ErrorBoundTracker tracker = new ErrorBoundTracker(clock, source, List.of(), BoundSettings.DEFAULTS, log::note);
        tracker.poll();
        clock.advance(Duration.ofMillis(100));
        source.update();
        tracker.poll();
        lines.take();
        clock.advance(Duration.ofSeconds(15));
        source.update();
        tracker.poll();
        clock.advance(Duration.ofMillis(100));
        tracker.poll();
        assertThat(lines.take())
                .containsExactly(
                        "WARN No poll for 15 s: this program was stopped, or had no processor time; the clock was"
                                + " not trusted for the last 9.9 s of it");
    }

    @Test
    void aTrustThatEndsBetweenTwoPollsInTimeIsNoGap() {
        log.note(voidAfter(Duration.ofMillis(50)));
        lines.take();
        clock.advance(Duration.ofMillis(100));
        log.note(bad(Result.PENDING, "the question is asked", ClockStatus.SYNCHRONIZED));
        assertThat(lines.take()).isEmpty();
    }

    @Test
    void aTrustThatSilenceEndsIsNoGap() {
        PollOutcome silent = bad(Result.NO_ANSWER, "no answer", ClockStatus.FREE_RUNNING);
        long asOf = clock.monotonicNanos();
        ClockErrorBound bound = new ClockErrorBound(asOf, asOf + 1, 0, 80_000, 0, ClockStatus.FREE_RUNNING, 0, null);
        log.note(new PollOutcome(
                silent.result(), silent.detail(), silent.peer(), silent.snapshot(), silent.terms(), bound, 0, 0));
        lines.take();
        clock.advance(Duration.ofSeconds(6));
        log.note(bad(Result.PENDING, "the question is asked", ClockStatus.FREE_RUNNING));
        assertThat(lines.take()).isEmpty();
    }

    private PollOutcome voidAfter(Duration life) {
        long asOf = clock.monotonicNanos();
        ClockErrorBound bound =
                new ClockErrorBound(asOf, asOf + life.toNanos(), 0, 80_000, 0, ClockStatus.SYNCHRONIZED, 0, null);
        PollOutcome good = good(SERVER);
        return new PollOutcome(
                good.result(), good.detail(), good.peer(), good.snapshot(), good.terms(), bound, Long.MAX_VALUE, 0);
    }

    @Test
    void aPollThatFoundTheSourceFreeRunningHasNotFailed() {
        lines.take();
        log.note(bad(Result.FREE_RUNNING, "no source answers any more", ClockStatus.FREE_RUNNING));
        log.note(bad(Result.NO_ANSWER, "no answer", ClockStatus.FREE_RUNNING));
        lines.take();
        log.note(good(SERVER));
        assertThat(lines.take()).singleElement().asString().endsWith("; polls that failed before: 1");
    }

    @Test
    void anotherReferenceIsSaid() {
        lines.take();
        log.note(good(PHC0));
        assertThat(lines.take())
                .containsExactly("INFO Status SYNCHRONIZED; " + source.peer() + " follows PHC0, before: 0A000001");
    }

    /** A time source knows the name of what it follows only while it follows it. */
    @Test
    void theReferenceBeforeHasTheNameThatItHadWhenItWasFollowed() {
        Naming naming = new Naming();
        PollLog named = new PollLog(naming, clock);
        naming.followed = "192.0.2.1";
        named.note(good(SERVER));
        naming.followed = "nothing";
        named.note(bad(Result.FREE_RUNNING, "no source is followed", ClockStatus.FREE_RUNNING));
        lines.take();
        naming.followed = "192.0.2.2";
        named.note(good(PHC0));
        assertThat(lines.take()).singleElement().asString().endsWith("follows 192.0.2.2, before: 192.0.2.1");
    }

    @Test
    void anotherReasonIsSaidAndAnEqualOneIsNot() {
        lines.take();
        for (String reason : new String[] {"others do: 'chronyc reselect'", "no source answers any more"}) {
            for (int i = 0; i < 7; i++) {
                log.note(bad(Result.FREE_RUNNING, reason, ClockStatus.FREE_RUNNING));
            }
        }
        assertThat(lines.take())
                .containsExactly(
                        FREE_RUNNING + ": others do: 'chronyc reselect'",
                        "WARN Status FREE_RUNNING: no source answers any more");
    }

    @Test
    void changesThatComeTooFastAreCountedAndTheLastOfThemIsSaidWithItsAge() {
        log.note(bad(Result.NO_ANSWER, "no answer", ClockStatus.UNKNOWN));
        lines.take();
        for (int i = 0; i < 1000; i++) {
            log.note(bad(Result.NO_ANSWER, "reason " + i, ClockStatus.UNKNOWN));
        }
        assertThat(lines.take()).hasSize(20);
        for (int i = 0; i < 31; i++) { // a poll that changes nothing is no change
            clock.advance(Duration.ofSeconds(1));
            log.note(bad(Result.NO_ANSWER, "reason 999", ClockStatus.UNKNOWN));
        }
        assertThat(lines.fields())
                .containsEntry("changes_left_out", 979L)
                .containsEntry("lasted_ns", Duration.ofSeconds(30).toNanos());
        assertThat(lines.take())
                .containsExactly(
                        "WARN Status UNKNOWN: reason 999; so it has been for 30 s; changes left out before: 979");
        log.note(bad(Result.NO_ANSWER, "reason 999", ClockStatus.UNKNOWN));
        assertThat(lines.take()).isEmpty();
    }

    /** An outage that the warnings of the log do not show is one that nobody looks for. */
    @Test
    void theLossOfTrustAndItsReturnAreSaidHoweverManyReasonsCameBefore() {
        for (int i = 0; i < 1000; i++) {
            log.note(bad(Result.NO_ANSWER, "reason " + i, ClockStatus.UNKNOWN));
        }
        lines.take();
        log.note(good(SERVER));
        assertThat(lines.take())
                .singleElement()
                .asString()
                .startsWith(SYNCHRONIZED)
                .endsWith("left out before: 979");
        log.note(bad(Result.NO_ANSWER, "no answer", ClockStatus.UNKNOWN));
        assertThat(lines.take()).containsExactly("WARN Status SYNCHRONIZED -> UNKNOWN: not trusted: no answer");
    }

    /** Whoever reads the last line must not be misled about what holds now. */
    @Test
    void aStatusThatFlapsIsSaidAsItIsWhenThereIsRoomAgain() {
        lines.take();
        for (int i = 0; i < 1000; i++) {
            log.note(bad(Result.NO_ANSWER, "no answer", ClockStatus.UNKNOWN));
            log.note(good(SERVER));
        }
        assertThat(lines.take()).hasSize(19);
        log.note(bad(Result.NO_ANSWER, "no answer", ClockStatus.UNKNOWN));
        clock.advance(Duration.ofSeconds(31));
        log.note(bad(Result.NO_ANSWER, "no answer", ClockStatus.UNKNOWN));
        assertThat(lines.take())
                .containsExactly(
                        "WARN Status UNKNOWN: no answer; so it has been for 31 s; changes left out before: 1981");
    }

    @Test
    void theLocalReferenceIsWarnedOf() {
        lines.take();
        log.note(good(ReferenceId.LOCAL));
        assertThat(lines.take())
                .containsExactly(
                        "INFO Status SYNCHRONIZED; " + source.peer() + " follows 7F7F0101, before: 0A000001",
                        "WARN chronyd follows nothing but its own clock; the interval contains that clock's time");
    }

    @Test
    void aChangeHasFieldsForPrograms() {
        clock.advance(Duration.ofSeconds(5));
        log.note(bad(Result.NO_ANSWER, "no answer", ClockStatus.UNKNOWN));
        assertThat(lines.fields())
                .containsEntry("event", "status_change")
                .containsEntry("status_before", "SYNCHRONIZED")
                .containsEntry("status_before_ns", 5_000_000_000L)
                .containsEntry("status", "UNKNOWN")
                .containsEntry("result", "NO_ANSWER")
                .containsEntry("reason", "no answer")
                .containsEntry("peer", "a peer")
                .doesNotContainKey("bound_ns");
        log.note(good(SERVER));
        assertThat(lines.fields())
                .containsEntry("bound_ns", 80_000L)
                .containsEntry("reference", "0A000001")
                .containsEntry("failed_polls", 1L)
                .doesNotContainKey("reason");
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
                Long.MAX_VALUE,
                0);
    }

    private static PollOutcome bad(Result result, String detail, ClockStatus status) {
        return new PollOutcome(
                result, detail, "a peer", Optional.empty(), Optional.empty(), bound(status), Long.MAX_VALUE, 0);
    }

    private static ClockErrorBound bound(ClockStatus status) {
        return new ClockErrorBound(0, Long.MAX_VALUE, 0, 80_000, 0, status, 0, null);
    }

    private static final class Naming implements TimeSource {

        private String followed = "";

        @Override
        public String name() {
            return "naming";
        }

        @Override
        public TimeSource with(Map<String, String> settings) {
            return this;
        }

        @Override
        public String nameOf(ReferenceId reference) {
            return followed;
        }

        @Override
        public ClockSnapshot poll() {
            throw new UnsupportedOperationException();
        }

        @Override
        public String peer() {
            return "a peer";
        }

        @Override
        public void close() {}
    }
}
