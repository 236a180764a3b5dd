/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

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
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The questions of one poll, and what is made of the answers. */
class ChronyPollTest {

    private static final TrackingReply TRACKING = TrackingReply.synchronizedTo(new ReferenceId(0x0A000001, true));
    private static final SourceReply FOLLOWED = SourceReply.followedBy(TRACKING);
    private static final SourceReply OTHER = FOLLOWED.withAddress(
                    SourceReply.ip((byte) 10, (byte) 0, (byte) 0, (byte) 2))
            .withState(SourceReply.SELECTABLE)
            .withMeasurement(7e-6, 7e-6);
    private static final SourceReply UNHEARD_OTHER = OTHER.withReach(0);

    private final Chronyd chronyd = new Chronyd();
    private final ChronyPoll questions = new ChronyPoll();

    /** A chronyd that is asked without a socket, and that may change before it answers. */
    private static final class Chronyd implements Exchange {

        final List<String> asked = new ArrayList<>();
        Answer answer = Answer.tracking(TRACKING);
        IntConsumer beforeAnswer = number -> {};

        void has(SourceReply... sources) {
            answer = Answer.tracking(TRACKING, List.of(sources));
        }

        @Override
        public ByteBuffer ask(Request request) throws IOException {
            asked.add(request.command() + (request.command() == Command.SOURCE_DATA ? " " + request.index() : ""));
            beforeAnswer.accept(asked.size());
            byte[] reply = answer.to(request.encode(0, 1).array()).get(0);
            return Reply.decode(ByteBuffer.wrap(reply)).bodyOf(request.command());
        }
    }

    private ClockSnapshot ask() throws IOException {
        chronyd.asked.clear();
        return questions.ask(chronyd);
    }

    private Measurement measurement() throws IOException {
        return (Measurement) ask().basis();
    }

    private String whyEstimateOnly() throws IOException {
        return ((EstimateOnly) ask().basis()).reason();
    }

    @Test
    void theStateOfTheClockIsAskedBeforeAndAfterTheSource() throws IOException {
        assertThat(ask().correctionNanos()).isEqualTo(50_000);
        assertThat(chronyd.asked).containsExactly("TRACKING", "SOURCE_DATA 0", "TRACKING");
    }

    @Test
    void theMeasurementIsThatOfTheSourceAndNotOfTheEstimate() throws IOException {
        chronyd.has(FOLLOWED.withMeasurement(1e-6, 3e-6)
                .withError(40e-6)
                .withSince(5)
                .withPoll(6));
        Measurement measurement = measurement();
        assertThat(measurement.offsetNanos()).isEqualTo(3_000);
        assertThat(measurement.errorNanos()).isBetween(40_001L, 40_003L);
        assertThat(measurement.ageNanos()).isEqualTo(6_000_000_000L);
        assertThat(measurement.pollIntervalNanos()).isEqualTo(64_000_000_000L);
        assertThat(measurement.unheard()).isEmpty();
    }

    @Test
    void whatTheSecondReplySaysIsUsed() throws IOException {
        chronyd.beforeAnswer = number -> {
            if (number == 3) { // a slew goes on
                chronyd.answer = Answer.tracking(TRACKING.withCorrection(40e-6));
            }
        };
        assertThat(ask().correctionNanos()).isEqualTo(40_000);
        assertThat(chronyd.asked).hasSize(3);
    }

    @Test
    void anUpdateInBetweenIsAskedAgain() throws IOException {
        TrackingReply updated =
                TRACKING.withReferenceTime(TRACKING.referenceTime().plusSeconds(1));
        chronyd.beforeAnswer = number -> {
            if (number == 3) {
                chronyd.answer = Answer.tracking(updated);
            }
        };
        assertThat(ask().referenceTime()).isEqualTo(updated.referenceTime());
        assertThat(chronyd.asked).hasSize(6);
    }

    @Test
    void aMeasurementOfTheEstimateBeforeIsNotPairedWithTheOneAfter() throws IOException {
        TrackingReply updated =
                TRACKING.withReferenceTime(TRACKING.referenceTime().plusSeconds(1));
        chronyd.has(FOLLOWED.withMeasurement(1e-6, 1e-6));
        chronyd.beforeAnswer = number -> {
            if (number == 2) { // before the source answers: the first TRACKING is of the past
                chronyd.answer = Answer.tracking(updated, List.of(FOLLOWED.withMeasurement(9e-6, 9e-6)));
            }
        };
        assertThat(measurement().offsetNanos()).isEqualTo(9_000);
        assertThat(chronyd.asked).hasSize(6);
    }

    @Test
    void aCorrectionThatMovesFasterThanAnySlewIsAnUpdate() throws IOException {
        chronyd.beforeAnswer = number -> {
            if (number == 3) { // makestep by hand, say
                chronyd.answer = Answer.tracking(TRACKING.withCorrection(0.2));
            }
        };
        assertThat(ask().correctionNanos()).isBetween(199_999_980L, 200_000_020L);
        assertThat(chronyd.asked).hasSize(6);
    }

    @Test
    void afterFourUpdatesInARowItIsAnError() {
        chronyd.beforeAnswer = number -> chronyd.answer = Answer.tracking(
                TRACKING.withReferenceTime(TRACKING.referenceTime().plusMillis(number)));
        assertThatThrownBy(this::ask)
                .isInstanceOf(ChronyProtocolException.class)
                .hasMessage("chronyd changed its estimate between two questions, 4 times in a row");
        assertThat(chronyd.asked).hasSize(12);
    }

    @Test
    void anEstimateThatIsLostInBetweenIsNotGivenTheMeasurement() throws IOException {
        chronyd.beforeAnswer = number -> {
            if (number == 3) {
                chronyd.answer = Answer.tracking(TrackingReply.unsynchronized());
            }
        };
        ClockSnapshot snapshot = ask();
        assertThat(snapshot.leap()).isEqualTo(LeapStatus.UNSYNCHRONIZED);
        assertThat(snapshot.basis()).isInstanceOf(EstimateOnly.class);
        assertThat(chronyd.asked).hasSize(4);
    }

    @Test
    void theSelectedSourceIsFoundByItsStateAndNotByItsNumber() throws IOException {
        chronyd.has(OTHER, OTHER, FOLLOWED.withMeasurement(1e-6, 4e-6), OTHER);
        assertThat(measurement().offsetNanos()).isEqualTo(4_000);
        assertThat(chronyd.asked)
                .containsExactly(
                        "TRACKING",
                        "SOURCE_DATA 0",
                        "N_SOURCES",
                        "SOURCE_DATA 0",
                        "SOURCE_DATA 1",
                        "SOURCE_DATA 2",
                        "SOURCE_DATA 3",
                        "TRACKING");
    }

    @Test
    void theSourceThatWasSelectedLastIsAskedFirstAndOnlyIt() throws IOException {
        chronyd.has(OTHER, OTHER, FOLLOWED, OTHER);
        ask();
        for (int poll = 0; poll < 10; poll++) {
            assertThat(measurement().offsetNanos()).isZero();
            assertThat(chronyd.asked).containsExactly("TRACKING", "SOURCE_DATA 2", "TRACKING");
        }
    }

    @Test
    void anotherChoiceOfChronydIsFound() throws IOException {
        chronyd.has(FOLLOWED, OTHER);
        ask();
        chronyd.has(OTHER, FOLLOWED.withMeasurement(1e-6, 5e-6));
        assertThat(measurement().offsetNanos()).isEqualTo(5_000);
        assertThat(measurement().offsetNanos()).isEqualTo(5_000);
        assertThat(chronyd.asked).containsExactly("TRACKING", "SOURCE_DATA 1", "TRACKING");
    }

    @Test
    void aSourceThatVanishesBetweenTwoQuestionsIsPassedOver() throws IOException {
        chronyd.has(OTHER, OTHER, FOLLOWED);
        ask(); // and remembers number 2
        chronyd.has(OTHER, FOLLOWED); // number 0 was removed
        assertThat(measurement().offsetNanos()).isZero();
        chronyd.has(OTHER, OTHER, OTHER, FOLLOWED.withMeasurement(1e-6, 6e-6), OTHER);
        chronyd.beforeAnswer = number -> {
            if (chronyd.asked.get(number - 1).equals("SOURCE_DATA 3")) { // two are removed after they were counted
                chronyd.has(OTHER, OTHER, FOLLOWED.withMeasurement(1e-6, 6e-6));
            }
        };
        assertThat(whyEstimateOnly()).startsWith("chronyd has selected none of its sources");
        assertThat(measurement().offsetNanos()).isEqualTo(6_000);
    }

    @Test
    void fiveHundredSourcesAreAskedOnce() throws IOException {
        SourceReply[] many = new SourceReply[500];
        Arrays.fill(many, OTHER);
        many[499] = FOLLOWED.withMeasurement(1e-6, 8e-6);
        chronyd.has(many);
        assertThat(measurement().offsetNanos()).isEqualTo(8_000);
        assertThat(chronyd.asked).hasSize(504);
        ask();
        assertThat(chronyd.asked).hasSize(3);
    }

    @Test
    void noSelectedSourceIsAnEstimateOnly() throws IOException {
        chronyd.has(OTHER, OTHER);
        assertThat(whyEstimateOnly())
                .isEqualTo("chronyd has selected none of its sources, though it says that it is synchronised: 'chronyc"
                        + " sources' shows them; none may answer, or none may be good enough");
        chronyd.has();
        assertThat(whyEstimateOnly()).startsWith("chronyd has selected none of its sources");
    }

    @Test
    void aSelectedSourceThatTheEstimateDoesNotRestOnIsAnEstimateOnly() throws IOException {
        chronyd.has(OTHER.withState(SourceReply.SELECTED), FOLLOWED.withState(SourceReply.SELECTABLE));
        assertThat(whyEstimateOnly())
                .isEqualTo("chronyd has selected 10.0.0.2, and its estimate is still that of 10.0.0.1");
    }

    @Test
    void aSelectedServerWhoseAddressSpellsTheFollowedClockIsAnother() throws IOException {
        TrackingReply onPhc = TrackingReply.synchronizedTo(ReferenceId.ofClock("PHC0"));
        TrackingReply onServer = TrackingReply.synchronizedTo(
                new ReferenceId(ReferenceId.ofClock("PHC0").code(), true));
        chronyd.answer = Answer.tracking(onPhc, List.of(SourceReply.followedBy(onServer)));
        assertThat(whyEstimateOnly())
                .isEqualTo("chronyd has selected 80.72.67.48, and its estimate is still that of PHC0");
        chronyd.answer = Answer.tracking(onServer, List.of(SourceReply.followedBy(onPhc)));
        assertThat(whyEstimateOnly())
                .isEqualTo("chronyd has selected PHC0, and its estimate is still that of 80.72.67.48");
        chronyd.answer = Answer.tracking(onPhc);
        assertThat(measurement().offsetNanos()).isZero();
    }

    @Test
    void anIpv6ServerIsKnownByItsAddressAndNotByTheHashOfIt() throws IOException {
        byte[] ip = new byte[16];
        ip[0] = (byte) 0xFD;
        ip[15] = 1;
        SourceReply six = FOLLOWED.withAddress(SourceReply.ip(ip)).withMeasurement(1e-6, 2e-6);
        ip[15] = 2;
        SourceReply neighbour = six.withAddress(SourceReply.ip(ip));
        chronyd.answer = onIpv6(Answer.tracking(TRACKING, List.of(six)), six);
        assertThat(measurement().offsetNanos()).isEqualTo(2_000);
        chronyd.answer = onIpv6(Answer.tracking(TRACKING, List.of(neighbour)), six);
        assertThat(whyEstimateOnly())
                .isEqualTo("chronyd has selected fd00:0:0:0:0:0:0:2, and its estimate is still that of"
                        + " fd00:0:0:0:0:0:0:1");
    }

    /** Has the reference be at that address; the code of the reference stays, as a hash has nothing to do with it. */
    private static Answer onIpv6(Answer answer, SourceReply reference) {
        return request -> {
            byte[] reply = answer.to(request).get(0);
            if (reply.length == 104) {
                ByteBuffer.wrap(reply).put(32, reference.address().getAddress()).putShort(48, (short) 2);
            }
            return List.of(reply);
        };
    }

    @ParameterizedTest
    @ValueSource(longs = {SourceReply.NEVER, 0x8000_0000L})
    void aSelectedSourceWithoutAMeasurementIsAnEstimateOnly(long since) throws IOException {
        chronyd.has(FOLLOWED.withSince(since));
        assertThat(whyEstimateOnly()).isEqualTo("chronyd has selected 10.0.0.1, of which it has no measurement");
    }

    @Test
    void aSourceThatDoesNotAnswerWhileOthersDoIsUnheardWithTheRemedy() throws IOException {
        chronyd.has(FOLLOWED.withReach(0), UNHEARD_OTHER, OTHER);
        assertThat(measurement().unheard())
                .contains("chronyd still follows 10.0.0.1, which does not answer, while others do: 'chronyc reselect'"
                        + " makes it choose anew, 'chronyc reset sources' measure all of them anew");
        assertThat(chronyd.asked).hasSize(7);
    }

    @Test
    void whenNoneAnswersThatRemedyIsNotNamed() throws IOException {
        for (SourceReply[] sources : List.of(
                new SourceReply[] {FOLLOWED.withReach(0)}, new SourceReply[] {FOLLOWED.withReach(0), UNHEARD_OTHER})) {
            chronyd.has(sources);
            Optional<String> unheard = measurement().unheard();
            assertThat(unheard).contains("no source of chronyd answers any more; it followed 10.0.0.1");
            assertThat(unheard.orElseThrow()).doesNotContain("reselect");
        }
    }

    @Test
    void aRefusalOfSourcesIsAnEstimateOnlyThatNamesOpencommands() throws IOException {
        chronyd.answer = Answer.tracking(TRACKING).withoutSources();
        assertThat(whyEstimateOnly())
                .isEqualTo("chronyd does not tell what it measures (chronyd answers SOURCE_DATA with UNAUTH: not"
                        + " allowed here; over UDP it allows what 'opencommands' in chrony.conf lists, on its Unix"
                        + " socket everything): in chrony.conf, 'opencommands' has to list sources and tracking");
    }

    @Test
    void aRefusalOfTrackingIsAnError() {
        chronyd.answer = Answer.status(2);
        assertThatThrownBy(this::ask)
                .isInstanceOf(ChronyRefusal.class)
                .hasMessageStartingWith("chronyd answers TRACKING with UNAUTH");
    }

    @Test
    void aChronydThatFollowsNothingIsNotAskedForSources() throws IOException {
        TrackingReply local = new TrackingReply(
                ReferenceId.LOCAL, 10, LeapStatus.NORMAL, TRACKING.referenceTime(), 0, 0, 0, 0, 0, 0, 0, 0, 0);
        TrackingReply none = new TrackingReply(
                ReferenceId.NONE, 10, LeapStatus.NORMAL, TRACKING.referenceTime(), 0, 0, 0, 0, 0, 0, 0, 0, 0);
        for (TrackingReply state : List.of(local, none, TrackingReply.unsynchronized())) {
            chronyd.answer = Answer.tracking(state, List.of(FOLLOWED));
            assertThat(whyEstimateOnly()).isEqualTo("chronyd follows no source");
            assertThat(chronyd.asked).containsExactly("TRACKING");
        }
    }

    @Test
    void aMeasurementThatCannotBeIsAnError() {
        chronyd.has(FOLLOWED.withError(-1e-6));
        assertThatThrownBy(this::ask)
                .isInstanceOf(ChronyProtocolException.class)
                .hasMessageContaining("that is negative or too large");
    }

    /**
     * Whatever the replies say and however they change from one to the next: a measurement is that of a source which chronyd
     * said is selected and has the address of its reference, while the estimate was the one that is returned.
     */
    @Test
    void contradictoryRepliesNeverMakeAMeasurementThatNoneOfThemTold() throws IOException {
        Random random = new Random(7);
        int measured = 0;
        for (int round = 0; round < 5_000; round++) {
            int lifetime = 1 + random.nextInt(12);
            List<Answer> said = new ArrayList<>();
            List<TrackingReply> states = new ArrayList<>();
            List<List<SourceReply>> sources = new ArrayList<>();
            AtomicInteger updates = new AtomicInteger();
            chronyd.beforeAnswer = number -> {
                if (number == 1 || random.nextInt(lifetime) == 0) {
                    states.add(TRACKING.withReferenceTime(
                            TRACKING.referenceTime().plusMillis(updates.addAndGet(random.nextInt(2)))));
                    sources.add(randomSources(random));
                    said.add(Answer.tracking(states.get(states.size() - 1), sources.get(sources.size() - 1)));
                }
                chronyd.answer = said.get(said.size() - 1);
            };
            ClockSnapshot snapshot;
            try {
                snapshot = ask();
            } catch (ChronyProtocolException e) {
                continue; // it changed too often
            }
            if (snapshot.basis() instanceof Measurement measurement) {
                measured++;
                assertThat(IntStream.range(0, states.size())
                                .filter(i -> states.get(i).referenceTime().equals(snapshot.referenceTime()))
                                .mapToObj(sources::get)
                                .flatMap(List::stream)
                                .filter(source -> source.state() == SourceReply.SELECTED
                                        && source.address().equals(FOLLOWED.address())
                                        && source.sinceSampleSeconds() < SourceReply.NEVER)
                                .mapToLong(source -> Math.round(source.offsetSeconds() * 1e9))
                                .toArray())
                        .contains(measurement.offsetNanos());
                assertThat(measurement.errorNanos()).isGreaterThanOrEqualTo(30_000);
            }
        }
        assertThat(measured).isBetween(500, 4_500);
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

    @Test
    void aQuestionThatIsNotAnsweredEndsThePoll() {
        chronyd.beforeAnswer = number -> {
            if (number == 2) {
                chronyd.answer = Answer.bytes(new byte[28]);
            }
        };
        assertThatThrownBy(this::ask).isInstanceOf(ChronyProtocolException.class);
        assertThat(chronyd.asked).hasSize(2);
    }
}
