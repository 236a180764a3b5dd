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
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a poll makes of what chronyd says of its sources. */
class ChronyPollBasisTest {

    private final ScriptedExchange chronyd = new ScriptedExchange();

    @Test
    void theMeasurementIsThatOfTheSourceAndNotOfTheEstimate() throws IOException {
        chronyd.has(FOLLOWED.withMeasurement(1e-6, 3e-6)
                .withError(40e-6)
                .withSince(5)
                .withPoll(6));
        Measurement measurement = chronyd.measurement();
        assertThat(measurement.offsetNanos()).isEqualTo(3_000);
        assertThat(measurement.errorNanos()).isBetween(40_001L, 40_003L);
        assertThat(measurement.ageNanos()).isEqualTo(6_000_000_000L);
        assertThat(measurement.pollIntervalNanos()).isEqualTo(64_000_000_000L);
        assertThat(measurement.unheard()).isEmpty();
    }

    @Test
    void noSelectedSourceIsAnEstimateOnly() throws IOException {
        chronyd.has(OTHER, OTHER);
        assertThat(chronyd.whyEstimateOnly())
                .isEqualTo(
                        "chronyd says that it is synchronised, and chronyd follows none of its sources: 2 heard for long"
                                + " and not selected ('chronyc selectdata' tells why)");
        chronyd.has();
        assertThat(chronyd.whyEstimateOnly())
                .isEqualTo("chronyd says that it is synchronised, and chronyd has no source: chrony.conf names none, or"
                        + " none of its names is resolved yet");
    }

    @Test
    void aSelectedSourceThatTheEstimateDoesNotRestOnIsAnEstimateOnly() throws IOException {
        chronyd.has(OTHER.withState(SourceReply.SELECTED), FOLLOWED.withState(SourceReply.SELECTABLE));
        assertThat(chronyd.whyEstimateOnly())
                .isEqualTo("chronyd has selected 10.0.0.2, and its estimate is still that of 10.0.0.1");
    }

    @Test
    void aSelectedServerWhoseAddressSpellsTheFollowedClockIsAnother() throws IOException {
        TrackingReply onPhc = TrackingReply.synchronizedTo(ReferenceId.ofClock("PHC0"));
        TrackingReply onServer = TrackingReply.synchronizedTo(
                new ReferenceId(ReferenceId.ofClock("PHC0").code(), true));
        chronyd.answer = Answer.tracking(onPhc, List.of(SourceReply.followedBy(onServer)));
        assertThat(chronyd.whyEstimateOnly())
                .isEqualTo("chronyd has selected 80.72.67.48, and its estimate is still that of PHC0");
        chronyd.answer = Answer.tracking(onServer, List.of(SourceReply.followedBy(onPhc)));
        assertThat(chronyd.whyEstimateOnly())
                .isEqualTo("chronyd has selected PHC0, and its estimate is still that of 80.72.67.48");
        chronyd.answer = Answer.tracking(onPhc);
        assertThat(chronyd.measurement().offsetNanos()).isZero();
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
        assertThat(chronyd.measurement().offsetNanos()).isEqualTo(2_000);
        chronyd.answer = onIpv6(Answer.tracking(TRACKING, List.of(neighbour)), six);
        assertThat(chronyd.whyEstimateOnly())
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
        assertThat(chronyd.whyEstimateOnly())
                .isEqualTo("chronyd has selected 10.0.0.1, of which it has no measurement");
    }

    @Test
    void aSourceThatDoesNotAnswerWhileOthersDoIsUnheardWithTheRemedy() throws IOException {
        chronyd.has(FOLLOWED.withReach(0), OTHER.withReach(0), OTHER);
        assertThat(chronyd.measurement().unheard())
                .contains("chronyd still follows 10.0.0.1, which does not answer, while others do: 'chronyc reselect'"
                        + " makes it choose anew, 'chronyc reset sources' measure all of them anew");
        assertThat(chronyd.asked).hasSize(7);
    }

    @Test
    void whenNoSourceAnswersAReselectIsNotTheRemedy() throws IOException {
        for (SourceReply[] sources : List.of(
                new SourceReply[] {FOLLOWED.withReach(0)},
                new SourceReply[] {FOLLOWED.withReach(0), OTHER.withReach(0)})) {
            chronyd.has(sources);
            Optional<String> unheard = chronyd.measurement().unheard();
            assertThat(unheard).contains("no source of chronyd answers any more; it followed 10.0.0.1");
            assertThat(unheard.orElseThrow()).doesNotContain("reselect");
        }
    }

    @Test
    void aRefusalOfSourcesIsAnEstimateOnlyThatNamesOpencommands() throws IOException {
        chronyd.answer = Answer.tracking(TRACKING).withoutSources();
        assertThat(chronyd.whyEstimateOnly())
                .isEqualTo("chronyd does not tell what it measures (chronyd answers SOURCE_DATA with UNAUTH: not"
                        + " allowed here; over UDP it allows what 'opencommands' in chrony.conf lists, on its Unix"
                        + " socket everything): in chrony.conf, 'opencommands' has to list sources and tracking");
    }

    @Test
    void aRefusalOfTrackingIsAnError() {
        chronyd.answer = Answer.status(2);
        assertThatThrownBy(chronyd::poll)
                .isInstanceOf(ChronyRefusal.class)
                .hasMessageStartingWith("chronyd answers TRACKING with UNAUTH");
    }

    @Test
    void aChronydInLocalModeIsNotAskedForSources() throws IOException {
        chronyd.answer = Answer.tracking(following(ReferenceId.LOCAL), List.of(FOLLOWED));
        assertThat(chronyd.whyEstimateOnly()).isEqualTo("chronyd follows no source");
        assertThat(chronyd.asked).containsExactly("TRACKING");
    }

    @Test
    void aChronydThatFollowsNoneOfItsSourcesIsAskedWhatItMakesOfThem() throws IOException {
        SourceReply falseticker = OTHER.withState(2);
        SourceReply unheard = OTHER.withState(1).withReach(0);
        SourceReply unmeasured = OTHER.withState(1).withReach(1);
        SourceReply far = OTHER.withState(1).withReach(0377);
        for (TrackingReply state : List.of(following(ReferenceId.NONE), TrackingReply.unsynchronized())) {
            chronyd.answer = Answer.tracking(
                    state, List.of(falseticker, unheard, far, falseticker, OTHER.withState(3), unmeasured));
            assertThat(chronyd.whyEstimateOnly())
                    .isEqualTo(
                            "chronyd follows none of its sources: 2 disagreeing (falsetickers), 1 heard for long and not"
                                    + " selected ('chronyc selectdata' tells why), 1 heard, not selected yet, 1 not heard, 1 too jittery");
            chronyd.answer = Answer.tracking(state, List.of());
            assertThat(chronyd.whyEstimateOnly())
                    .isEqualTo("chronyd has no source: chrony.conf names none, or none of its names is resolved yet");
        }
    }

    @Test
    void thatNoSourceIsFollowedIsKnownWhateverComesOfAskingForTheReason() throws IOException {
        for (Answer failure : List.of(Answer.status(2), Answer.bytes(new byte[28]))) {
            chronyd.answer = Answer.tracking(TrackingReply.unsynchronized(), List.of(OTHER));
            chronyd.before(2, () -> chronyd.answer = failure);
            ClockSnapshot snapshot = chronyd.poll();
            assertThat(snapshot.leap()).isEqualTo(LeapStatus.UNSYNCHRONIZED);
            assertThat(snapshot.basis()).isEqualTo(new EstimateOnly("chronyd follows no source"));
        }
    }

    private static TrackingReply following(ReferenceId reference) {
        return new TrackingReply(reference, 10, LeapStatus.NORMAL, TRACKING.referenceTime(), 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void aMeasurementThatCannotBeIsAnError() {
        chronyd.has(FOLLOWED.withError(-1e-6));
        assertThatThrownBy(chronyd::poll)
                .isInstanceOf(ChronyProtocolException.class)
                .hasMessageContaining("that is negative or too large");
    }

    @Test
    void aQuestionThatIsNotAnsweredEndsThePoll() {
        chronyd.beforeReply = number -> {
            if (number == 2) {
                chronyd.answer = Answer.bytes(new byte[28]);
            }
        };
        assertThatThrownBy(chronyd::poll).isInstanceOf(ChronyProtocolException.class);
        assertThat(chronyd.asked).hasSize(2);
    }
}
