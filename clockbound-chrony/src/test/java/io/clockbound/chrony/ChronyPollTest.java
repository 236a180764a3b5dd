/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import static io.clockbound.chrony.ScriptedExchange.FOLLOWED;
import static io.clockbound.chrony.ScriptedExchange.OTHER;
import static io.clockbound.chrony.ScriptedExchange.TRACKING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockbound.chrony.testing.Answer;
import io.clockbound.chrony.testing.SourceReply;
import io.clockbound.chrony.testing.TrackingReply;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.EstimateOnly;
import io.clockbound.spi.LeapStatus;
import io.clockbound.spi.Measurement;
import io.clockbound.spi.ReferenceId;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which estimate a measurement belongs to. */
class ChronyPollTest {

    private static final TrackingReply UPDATED =
            TRACKING.withReferenceTime(TRACKING.referenceTime().plusSeconds(1));
    private static final SourceReply MEASURED = FOLLOWED.withMeasurement(1e-6, 1e-6);
    private static final SourceReply MEASURED_AFTER_UPDATE = FOLLOWED.withMeasurement(1e-6, 9e-6);
    private static final String[] FULL_POLL = {"TRACKING", "SOURCE_DATA 0", "TRACKING"};
    private static final String[] STEADY_POLL = {"SOURCE_DATA 0", "TRACKING"};
    private static final String[] POLL_AFTER_CHANGE = {"SOURCE_DATA 0", "TRACKING", "SOURCE_DATA 0", "TRACKING"};

    private final ScriptedExchange chronyd = new ScriptedExchange();

    private void says(TrackingReply state, SourceReply... sources) {
        chronyd.answer = Answer.tracking(state, List.of(sources));
    }

    /** Polls a chronyd that has measured, so that the next poll is a steady one. */
    private void pollOnce() throws IOException {
        says(TRACKING, MEASURED);
        assertThat(chronyd.measurement().offsetNanos()).isEqualTo(1_000);
    }

    @Test
    void theFirstPollAsksForTheStateOfTheClockBeforeAndAfterTheSource() throws IOException {
        assertThat(chronyd.poll().correctionNanos()).isEqualTo(50_000);
        assertThat(chronyd.asked).containsExactly(FULL_POLL);
    }

    @Test
    void aSteadyPollAsksForTheSourceAndThenForTheStateOfTheClock() throws IOException {
        pollOnce();
        for (int poll = 1; poll < 10; poll++) {
            says(TRACKING.withCorrection(poll * 1e-6), MEASURED.withSince(poll)); // a slew goes on
            ClockSnapshot snapshot = chronyd.poll();
            assertThat(snapshot.correctionNanos()).isEqualTo(poll * 1_000L);
            assertThat(snapshot.basis())
                    .isInstanceOfSatisfying(
                            Measurement.class,
                            measurement -> assertThat(measurement.offsetNanos()).isEqualTo(1_000));
            assertThat(chronyd.asked).containsExactly(STEADY_POLL);
        }
    }

    @Test
    void theStateOfTheClockIsThatOfTheLastReply() throws IOException {
        chronyd.before(3, () -> says(TRACKING.withCorrection(40e-6), FOLLOWED));
        assertThat(chronyd.poll().correctionNanos()).isEqualTo(40_000);
        assertThat(chronyd.asked).containsExactly(FULL_POLL);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void anUpdateDuringTheFirstPollIsAskedAgain(int reply) throws IOException {
        says(TRACKING, MEASURED);
        chronyd.before(reply, () -> says(UPDATED, MEASURED_AFTER_UPDATE));
        assertThat(chronyd.measurement().offsetNanos()).isEqualTo(9_000);
        assertThat(chronyd.asked).containsExactly("TRACKING", "SOURCE_DATA 0", "TRACKING", "SOURCE_DATA 0", "TRACKING");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void anUpdateSinceThePollBeforeIsAskedAgain(int reply) throws IOException {
        pollOnce();
        chronyd.before(reply, () -> says(UPDATED, MEASURED_AFTER_UPDATE));
        ClockSnapshot snapshot = chronyd.poll();
        assertThat(snapshot.referenceTime()).isEqualTo(UPDATED.referenceTime());
        assertThat(((Measurement) snapshot.basis()).offsetNanos()).isEqualTo(9_000);
        assertThat(chronyd.asked).containsExactly(POLL_AFTER_CHANGE);
        chronyd.poll();
        assertThat(chronyd.asked).containsExactly(STEADY_POLL);
    }

    @Test
    void anEstimateThatWasMovedAndMovedBackIsNotGivenWhatWasSaidInBetween() throws IOException {
        pollOnce();
        chronyd.beforeReply = number -> { // doffset there before the source is asked for, and back after it
            if (number == 1) {
                says(UPDATED, MEASURED_AFTER_UPDATE);
            } else if (number == 2) {
                says(TRACKING, MEASURED);
            }
        };
        assertThat(chronyd.measurement().offsetNanos()).isEqualTo(1_000);
        assertThat(chronyd.asked).containsExactly(POLL_AFTER_CHANGE);
    }

    @Test
    void aNewMeasurementIsProvedToBelongToTheEstimateThatItDidNotChange() throws IOException {
        says(TRACKING, MEASURED.withSince(7));
        chronyd.poll();
        for (SourceReply next : List.of(
                FOLLOWED.withMeasurement(2e-6, 1e-6).withSince(7),
                FOLLOWED.withMeasurement(2e-6, 2e-6).withSince(7),
                FOLLOWED.withMeasurement(2e-6, 2e-6).withError(1e-3).withSince(7),
                FOLLOWED.withMeasurement(2e-6, 2e-6).withError(1e-3).withSince(9),
                FOLLOWED.withMeasurement(2e-6, 2e-6).withError(1e-3).withSince(8))) {
            says(TRACKING, next);
            Measurement measurement = chronyd.measurement();
            assertThat(measurement.offsetNanos()).isEqualTo(Math.round(next.offsetSeconds() * 1e9));
            assertThat(chronyd.asked).containsExactly(next.sinceSampleSeconds() == 9 ? STEADY_POLL : POLL_AFTER_CHANGE);
        }
    }

    @Test
    void anotherSourceOfTheSameNumberIsProvedAnew() throws IOException {
        pollOnce();
        TrackingReply onOther = TrackingReply.synchronizedTo(new ReferenceId(0x0A000002, true));
        SourceReply other = SourceReply.followedBy(onOther).withMeasurement(1e-6, 1e-6);
        says(onOther, other);
        assertThat(chronyd.poll().reference()).isEqualTo(onOther.reference());
        assertThat(chronyd.asked).containsExactly(POLL_AFTER_CHANGE);
        says(
                onOther,
                other.withAddress(FOLLOWED.address())); // and one that is selected before the estimate rests on it
        assertThat(chronyd.whyEstimateOnly()).startsWith("chronyd has selected 10.0.0.1");
        assertThat(chronyd.asked).containsExactly(POLL_AFTER_CHANGE);
    }

    @Test
    void aRestartedChronydIsNotGivenWhatTheOneBeforeMeasured() throws IOException {
        pollOnce();
        says(
                TrackingReply.unsynchronized(),
                MEASURED.withState(SourceReply.SELECTABLE).withReach(0177));
        assertThat(chronyd.whyEstimateOnly())
                .isEqualTo("chronyd follows none of its sources: 1 heard, not selected yet");
        says(UPDATED, MEASURED_AFTER_UPDATE);
        assertThat(chronyd.measurement().offsetNanos()).isEqualTo(9_000);
        assertThat(chronyd.asked).containsExactly(FULL_POLL);
        // or one at the same address that has its samples from the run before, and has made an estimate of them
        says(TRACKING.withReferenceTime(TRACKING.referenceTime().plusSeconds(2)), MEASURED_AFTER_UPDATE);
        chronyd.poll();
        assertThat(chronyd.asked).containsExactly(POLL_AFTER_CHANGE);
    }

    @Test
    void afterAPollThatFailedTheNextAsksForEverything() throws IOException {
        pollOnce();
        chronyd.before(2, () -> chronyd.answer = Answer.bytes(new byte[28]));
        assertThatThrownBy(chronyd::poll).isInstanceOf(ChronyProtocolException.class);
        chronyd.beforeReply = number -> {};
        pollOnce();
        assertThat(chronyd.asked).containsExactly(FULL_POLL);
    }

    @Test
    void aSlewThatHasMovedTheCorrectionFarSinceThePollBeforeIsAskedAgain() throws IOException {
        pollOnce();
        says(TRACKING.withCorrection(0.2), MEASURED.withSince(16)); // polls 16 s apart
        ClockSnapshot snapshot = chronyd.poll();
        assertThat(snapshot.correctionNanos()).isBetween(199_999_980L, 200_000_020L);
        assertThat(snapshot.basis()).isInstanceOf(Measurement.class);
        assertThat(chronyd.asked).containsExactly(POLL_AFTER_CHANGE);
    }

    @Test
    void aRefusalAfterASteadyPollIsNotGivenTheStateOfThePollBefore() throws IOException {
        pollOnce();
        chronyd.answer = Answer.tracking(UPDATED.withCorrection(1)).withoutSources();
        ClockSnapshot snapshot = chronyd.poll();
        assertThat(snapshot.correctionNanos()).isEqualTo(1_000_000_000);
        assertThat(snapshot.basis()).isInstanceOf(EstimateOnly.class);
    }

    @Test
    void afterFourUpdatesInARowItIsAnError() {
        chronyd.beforeReply = number ->
                says(TRACKING.withReferenceTime(TRACKING.referenceTime().plusMillis(number)), FOLLOWED);
        assertThatThrownBy(chronyd::poll)
                .isInstanceOf(ChronyProtocolException.class)
                .hasMessage("chronyd changed its estimate between two questions, 4 times in a row");
        assertThat(chronyd.asked).hasSize(9);
    }

    @Test
    void anEstimateThatIsLostDuringAPollIsNotGivenTheMeasurement() throws IOException {
        chronyd.before(3, () -> chronyd.answer = Answer.tracking(TrackingReply.unsynchronized()));
        ClockSnapshot snapshot = chronyd.poll();
        assertThat(snapshot.leap()).isEqualTo(LeapStatus.UNSYNCHRONIZED);
        assertThat(snapshot.basis()).isInstanceOf(EstimateOnly.class);
        assertThat(chronyd.asked).startsWith(FULL_POLL);
    }

    /**
     * Whatever the replies say and however they change, within a poll and between polls: a measurement is that of a source
     * which chronyd said is selected and has the address of its reference, while the estimate was the one that is returned.
     */
    @Test
    void contradictoryRepliesNeverMakeAMeasurementThatNoneOfThemTold() throws IOException {
        Random random = new Random(7);
        Map<Instant, List<SourceReply>> said = new HashMap<>();
        AtomicInteger updates = new AtomicInteger();
        AtomicInteger lifetime = new AtomicInteger();
        chronyd.beforeReply = number -> {
            if (random.nextInt(lifetime.get()) == 0) {
                TrackingReply state = TRACKING.withReferenceTime(
                        TRACKING.referenceTime().plusMillis(updates.addAndGet(random.nextInt(2))));
                List<SourceReply> sources = randomSources(random);
                said.computeIfAbsent(state.referenceTime(), time -> new ArrayList<>())
                        .addAll(sources);
                chronyd.answer = Answer.tracking(state, sources);
            }
        };
        int measured = 0;
        int steady = 0;
        for (int round = 0; round < 20_000; round++) {
            lifetime.set(1 + random.nextInt(12));
            ClockSnapshot snapshot;
            try {
                snapshot = chronyd.poll();
            } catch (ChronyProtocolException e) {
                continue; // it changed too often
            }
            if (snapshot.basis() instanceof Measurement measurement) {
                measured++;
                steady += chronyd.asked.size() == 2 ? 1 : 0;
                assertThat(said.getOrDefault(snapshot.referenceTime(), List.of()).stream()
                                .filter(source -> source.state() == SourceReply.SELECTED
                                        && source.address().equals(FOLLOWED.address())
                                        && source.sinceSampleSeconds() < SourceReply.NEVER)
                                .map(source -> Math.round(source.offsetSeconds() * 1e9)))
                        .contains(measurement.offsetNanos());
                assertThat(measurement.errorNanos()).isGreaterThanOrEqualTo(30_000);
            }
        }
        assertThat(measured).isBetween(2_000, 18_000);
        assertThat(steady).isGreaterThan(200);
    }

    private static List<SourceReply> randomSources(Random random) {
        List<SourceReply> sources = new ArrayList<>(Collections.nCopies(1 + random.nextInt(4), OTHER));
        for (int i = 0; i < sources.size(); i++) {
            SourceReply base = random.nextBoolean() ? FOLLOWED : OTHER;
            double offset = random.nextInt(1_000) * 1e-9;
            sources.set(
                    i,
                    base.withState(random.nextInt(3) == 0 ? SourceReply.SELECTABLE : SourceReply.SELECTED)
                            .withReach(random.nextInt(2))
                            .withSince(random.nextInt(8) == 0 ? SourceReply.NEVER : random.nextInt(100))
                            .withMeasurement(offset, offset));
        }
        return sources;
    }
}
