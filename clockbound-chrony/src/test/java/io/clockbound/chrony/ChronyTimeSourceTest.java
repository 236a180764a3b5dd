/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockbound.chrony.testing.Answer;
import io.clockbound.chrony.testing.ScriptedChronyd;
import io.clockbound.chrony.testing.TrackingReply;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.ReferenceId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
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
        assertThat(chronyd.requests()).hasSize(20);
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
                .hasMessage(chronyd.address() + ": no answer: chronyd is stopped, or does not answer this host"
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
                        + ": connection refused: nobody listens there; is chronyd running, with this cmdport?");
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
    void closeEndsAPollOfAnotherThread() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        chronyd.answer(request -> {
            asked.countDown();
            return List.of();
        });
        CompletableFuture<ClockSnapshot> poll = CompletableFuture.supplyAsync(() -> {
            try {
                return source.poll();
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        });
        asked.await();
        source.close();
        assertThatThrownBy(poll::join).hasMessageEndingWith(chronyd.address() + ": closed while asking");
    }

    @Test
    void commandsAreRefusedWithoutAUnixSocket() {
        assertThatThrownBy(source::resetSources)
                .isInstanceOf(IOException.class)
                .hasMessage(chronyd.address() + ": chronyd takes this command on its Unix socket only;"
                        + " add unix:/run/chrony/chronyd.sock to the addresses");
        assertThatThrownBy(() -> source.burst(1, 2)).hasMessageContaining("on its Unix socket only");
        assertThat(chronyd.requests()).isEmpty();
    }

    @Test
    void slowAnswerIsWaitedFor() throws IOException {
        chronyd.answer(Answer.tracking().delayed(Duration.ofMillis(30)));
        assertThat(source.poll().reference()).isEqualTo(SERVER);
        assertThat(chronyd.requests()).hasSize(1);
    }
}
