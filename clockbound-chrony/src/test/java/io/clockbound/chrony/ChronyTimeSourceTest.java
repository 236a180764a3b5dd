/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockbound.chrony.testing.Answer;
import io.clockbound.chrony.testing.ScriptedChronyd;
import io.clockbound.chrony.testing.SourceReply;
import io.clockbound.chrony.testing.TrackingReply;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.EstimateOnly;
import io.clockbound.spi.Measurement;
import io.clockbound.spi.ReferenceId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class ChronyTimeSourceTest {

    private static final ReferenceId SERVER = new ReferenceId(0x7F000001, true);

    private ScriptedChronyd chronyd;
    private ChronyTimeSource source;

    @BeforeEach
    void start() throws IOException {
        chronyd = ScriptedChronyd.onUdp();
        source = asking(chronyd.address());
    }

    @AfterEach
    void stop() throws IOException {
        source.close();
        chronyd.close();
    }

    private static ChronyTimeSource asking(String addresses) {
        return new ChronyTimeSource().with(Map.of("address", addresses));
    }

    @Test
    void pollReturnsWhatChronydSays() throws IOException {
        chronyd.answer(Answer.tracking(TrackingReply.synchronizedTo(SERVER).withCorrection(-0.25)));
        ClockSnapshot snapshot = source.poll();
        assertThat(snapshot.correctionNanos()).isEqualTo(-250_000_000);
        assertThat(snapshot.reference()).isEqualTo(SERVER);
        assertThat(source.peer()).isEqualTo(chronyd.address());
    }

    @Test
    void everyQuestionHasASequenceNumberOfItsOwn() throws IOException {
        chronyd.answer(Answer.silence());
        assertThatThrownBy(source::poll).isInstanceOf(IOException.class);
        List<byte[]> requests = chronyd.requests();
        assertThat(requests).hasSize(2);
        assertThat(ByteBuffer.wrap(requests.get(0)).getShort(6)).isEqualTo((short) 0);
        assertThat(ByteBuffer.wrap(requests.get(1)).getShort(6)).isEqualTo((short) 1);
        assertThat(ByteBuffer.wrap(requests.get(0)).getInt(8))
                .isNotEqualTo(ByteBuffer.wrap(requests.get(1)).getInt(8));
    }

    @Test
    void replyWithAnotherSequenceNumberIsPassedOver() throws IOException {
        chronyd.answer(Answer.tracking().afterWrongSequence());
        assertThat(source.poll().reference()).isEqualTo(SERVER);
    }

    @Test
    void lateReplyIsNotTakenForTheAnswerToALaterQuestion() throws IOException {
        List<byte[]> asked = new CopyOnWriteArrayList<>();
        Answer slow = Answer.tracking(TrackingReply.synchronizedTo(SERVER).withCorrection(1));
        Answer quick = Answer.tracking(TrackingReply.synchronizedTo(SERVER).withCorrection(2));
        chronyd.answer(request -> {
            asked.add(request);
            return asked.size() == 1
                    ? List.of()
                    : List.of(slow.to(asked.get(0)).get(0), quick.to(request).get(0));
        });
        assertThat(source.poll().correctionNanos()).isEqualTo(2_000_000_000);
    }

    @Test
    void replyThatCameTwiceIsGoneBeforeTheNextQuestion() throws IOException {
        Answer answer = Answer.tracking();
        chronyd.answer(
                request -> List.of(answer.to(request).get(0), answer.to(request).get(0)));
        for (int i = 0; i < 20; i++) {
            assertThat(source.poll().reference()).isEqualTo(SERVER);
        }
        assertThat(chronyd.requests()).hasSize(3 + 19 * 2);
    }

    @Test
    void garbageIsPassedOverWhenTheReplyFollows() throws IOException {
        Answer answer = Answer.tracking();
        chronyd.answer(request ->
                List.of(new byte[0], new byte[] {1, 2, 3}, answer.to(request).get(0)));
        assertThat(source.poll().reference()).isEqualTo(SERVER);
    }

    @Test
    void nothingButGarbageIsAnErrorThatSaysSo() {
        chronyd.answer(Answer.bytes(new byte[200]));
        assertThatThrownBy(source::poll)
                .hasMessage(
                        chronyd.address() + ": version 0, packet type 0: not a reply of chronyd's protocol version 6");
        chronyd.answer(Answer.bytes("hello".getBytes(StandardCharsets.US_ASCII)));
        assertThatThrownBy(source::poll).hasMessage(chronyd.address() + ": a reply of 5 bytes is too short");
    }

    @Test
    void silenceIsAnErrorThatNamesTheAccessRules() {
        chronyd.answer(Answer.silence());
        assertThatThrownBy(source::poll)
                .hasMessage(chronyd.address() + ": no reply: chronyd is stopped, or does not reply to this host"
                        + " (see cmdallow and bindcmdaddress)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2  | UNAUTH: not allowed here; over UDP it allows what 'opencommands' in chrony.conf lists,"
                        + " on its Unix socket everything",
                "18 | BADPKTVERSION: this chronyd does not speak protocol version 6 and is not supported;"
                        + " chrony 3.0 or later is",
                "77 | status 77: it failed"
            })
    void refusalIsAnErrorWithTheRemedyAndNotAskedTwice(int status, String meaning) {
        chronyd.answer(Answer.status(status));
        assertThatThrownBy(source::poll).hasMessage(chronyd.address() + ": chronyd answers TRACKING with " + meaning);
        assertThat(chronyd.requests()).hasSize(1);
    }

    @Test
    void successWithoutABodyIsAnError() {
        chronyd.answer(Answer.status(0));
        assertThatThrownBy(source::poll)
                .hasMessage(chronyd.address() + ": a reply of type 1 and 28 bytes to TRACKING,"
                        + " which has type 5 and 104 bytes");
    }

    @Test
    void deadChronydRefusesAndARestartedOneIsFoundAgain() throws IOException {
        source.poll();
        chronyd.die();
        assertThatThrownBy(source::poll)
                .hasMessage(chronyd.address()
                        + ": connection refused: nothing listens there; is chronyd running, with this cmdport?");
        chronyd.restart();
        assertThat(source.poll().reference()).isEqualTo(SERVER);
    }

    @Test
    void restartBetweenTwoPollsIsNotNoticed() throws IOException {
        source.poll();
        chronyd.restart();
        assertThat(source.poll().reference()).isEqualTo(SERVER);
    }

    @Test
    void pollAfterCloseOpensAnew() throws IOException {
        source.poll();
        source.close();
        assertThat(source.poll().reference()).isEqualTo(SERVER);
    }

    @Test
    void anInterruptEndsAPoll() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        chronyd.answer(request -> {
            asked.countDown();
            return List.of();
        });
        List<String> failures = new CopyOnWriteArrayList<>();
        Thread polling = new Thread(() -> {
            try {
                source.poll();
            } catch (IOException e) {
                failures.add(String.valueOf(e.getMessage()));
            }
        });
        polling.start();
        asked.await();
        polling.interrupt();
        polling.join();
        assertThat(failures).containsExactly(chronyd.address() + ": interrupted while asking");
    }

    @Test
    void slowAnswerIsWaitedFor() throws IOException {
        chronyd.answer(Answer.tracking().delayed(Duration.ofMillis(30)));
        assertThat(source.poll().reference()).isEqualTo(SERVER);
        assertThat(chronyd.requests()).hasSize(3);
    }

    @Test
    void whatChronydMeasuredComesWithWhatItSays() throws IOException {
        TrackingReply state = TrackingReply.synchronizedTo(SERVER);
        SourceReply followed =
                SourceReply.followedBy(state).withMeasurement(1e-6, 2e-6).withSince(4);
        chronyd.answer(Answer.tracking(
                state,
                List.of(
                        followed.withAddress(SourceReply.ip((byte) 10, (byte) 0, (byte) 0, (byte) 9))
                                .withState(SourceReply.SELECTABLE),
                        followed)));
        for (int poll = 0; poll < 3; poll++) {
            assertThat(source.poll().basis()).isInstanceOfSatisfying(Measurement.class, measurement -> {
                assertThat(measurement.offsetNanos()).isEqualTo(2_000);
                assertThat(measurement.errorNanos()).isBetween(30_001L, 30_003L);
                assertThat(measurement.ageNanos()).isEqualTo(5_000_000_000L);
            });
        }
        assertThat(chronyd.requests()).hasSize(6 + 2 + 2);
    }

    @Test
    void aChronydThatDoesNotTellItsSourcesKeepsTheConnection() throws IOException {
        chronyd.answer(Answer.tracking().withoutSources());
        for (int poll = 0; poll < 3; poll++) {
            assertThat(source.poll().basis())
                    .isInstanceOfSatisfying(
                            EstimateOnly.class,
                            only -> assertThat(only.reason())
                                    .contains("'opencommands' has to list sources and tracking"));
            assertThat(source.peer()).isEqualTo(chronyd.address());
        }
        assertThat(chronyd.requests()).hasSize(9);
    }

    @Test
    void ofEveryTwoRepliesOneMayBeLost() throws IOException {
        Answer answer = Answer.tracking();
        List<byte[]> asked = new CopyOnWriteArrayList<>();
        chronyd.answer(request -> {
            asked.add(request);
            return asked.size() % 2 == 1 ? List.of() : answer.to(request);
        });
        assertThat(source.poll().basis()).isInstanceOf(Measurement.class);
        assertThat(chronyd.requests()).hasSize(6);
        assertThat(IntStream.range(0, 6)
                        .mapToObj(i -> ByteBuffer.wrap(chronyd.requests().get(i))))
                .extracting(request -> request.getShort(4) + "/" + request.getShort(6))
                .containsExactly("33/0", "33/1", "15/0", "15/1", "33/0", "33/1");
    }

    @Test
    void repliesToThePollBeforeAreNotTakenForTheOnesToThis() throws IOException {
        List<byte[]> late = new CopyOnWriteArrayList<>();
        Answer old = Answer.tracking(TrackingReply.synchronizedTo(SERVER).withCorrection(1));
        chronyd.answer(request -> {
            late.addAll(old.to(request));
            return List.of();
        });
        assertThatThrownBy(source::poll).hasMessageContaining("no reply");
        Answer now = Answer.tracking(TrackingReply.synchronizedTo(SERVER).withCorrection(2));
        chronyd.answer(request ->
                Stream.concat(late.stream(), now.to(request).stream()).toList());
        for (int poll = 0; poll < 5; poll++) {
            assertThat(source.poll().correctionNanos()).isEqualTo(2_000_000_000);
        }
    }

    @Test
    void repliesToOneQuestionThatComeAfterTheNextAreNotTakenForRepliesToTheNext() throws IOException {
        // a reply to the first TRACKING that comes when the second is asked would hide an update in between
        List<byte[]> first = new CopyOnWriteArrayList<>();
        Answer before = Answer.tracking(TrackingReply.synchronizedTo(SERVER).withCorrection(0.001));
        Answer after = Answer.tracking(TrackingReply.synchronizedTo(SERVER).withCorrection(0.002));
        chronyd.answer(request -> {
            if (first.isEmpty()) {
                first.addAll(before.to(request));
                return first;
            }
            return Stream.concat(first.stream(), after.to(request).stream()).toList();
        });
        assertThat(source.poll().correctionNanos()).isEqualTo(2_000_000);
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "500, 0", "500, 150", "3, 150", "3, 350"})
    void howeverSlowlyChronydAnswersAPollEndsWithinASecond(int sources, int delayMillis) throws IOException {
        TrackingReply state = TrackingReply.synchronizedTo(SERVER);
        SourceReply followed = SourceReply.followedBy(state);
        List<SourceReply> all =
                new ArrayList<>(Collections.nCopies(sources, followed.withState(SourceReply.SELECTABLE)));
        all.set(sources - 1, followed);
        chronyd.answer(Answer.tracking(state, all).delayed(Duration.ofMillis(delayMillis)));
        long startNanos = System.nanoTime();
        try {
            assertThat(source.poll().basis()).isInstanceOf(Measurement.class);
            assertThat(delayMillis).isZero();
        } catch (IOException e) {
            assertThat(delayMillis).as(e.getMessage()).isPositive();
        }
        assertThat(System.nanoTime() - startNanos).isLessThan(1_500_000_000L);
        // and nothing is asked after its end: a question of 200 ms each, or two
        assertThat(chronyd.requests().size()).isLessThanOrEqualTo(delayMillis == 0 ? 504 : 10);
    }
}
