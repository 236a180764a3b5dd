/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockNotTrustedException;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.transport.ScriptedServer.Asked;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
@ParameterizedClass
@EnumSource(SocketEndpoint.Kind.class)
class SocketClockTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final BoundedInstant UNKNOWN = BoundedInstant.unbounded(ClockStatus.UNKNOWN);

    private static final String FROM_1_TO_2 = "01010000" + "0000000000000001" + "0000000000000002";
    private static final String FROM_3_TO_4 = "01010000" + "0000000000000003" + "0000000000000004";

    private final SocketEndpoint.Kind kind;
    private final Patience local = new Patience();

    @TempDir
    private Path directory;

    private SocketEndpoint endpoint;
    private ScriptedServer server;

    SocketClockTest(SocketEndpoint.Kind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void serve() throws IOException {
        endpoint = new SocketEndpoint(kind, directory.resolve("socket"));
        server = ScriptedServer.at(endpoint);
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void theFlagTellsWhetherTheDaemonsClockRunsFree() throws Exception {
        try (BoundedClock clock = open()) {
            assertThat(readWhen(clock, FROM_3_TO_4)).isEqualTo(new BoundedInstant(3, 4, ClockStatus.SYNCHRONIZED));
            String flagged = FROM_3_TO_4.replaceFirst("01010000", "01010100");
            assertThat(readWhen(clock, flagged)).isEqualTo(new BoundedInstant(3, 4, ClockStatus.FREE_RUNNING));
        }
    }

    @Test
    void anErrorReadsAsUnknownAndNowNamesTheDaemon() throws Exception {
        try (BoundedClock clock = open()) {
            assertThat(readWhen(clock, "01000100")).isEqualTo(UNKNOWN);
            server.alwaysAnswer("01000000");
            assertThatThrownBy(clock::now)
                    .isInstanceOf(ClockNotTrustedException.class)
                    .hasMessageContaining(endpoint + " reports that its clock is not synchronised");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0201000000000000000000010000000000000002",
                "0101020000000000000000010000000000000002",
                "0101000000000000000000010000000000000001",
                "0101000000000000000000020000000000000001",
                "01010000000000000000000100000000ffffffffff",
                "0101000000000000000000018000000000000000",
                "0102000001",
                "01060000",
                "ffffffff"
            })
    void anAnswerThatMakesNoSenseReadsAsUnknown(String hex) throws Exception {
        try (BoundedClock clock = open()) {
            server.alwaysAnswer(hex);
            assertThat(clock.read()).isEqualTo(UNKNOWN);
            assertThatThrownBy(clock::now)
                    .isInstanceOf(ClockNotTrustedException.class)
                    .hasMessageContaining(endpoint.toString());
        }
    }

    @Test
    void aDaemonThatDoesNotAnswerInTimeReadsAsUnknown() throws Exception {
        try (BoundedClock clock = open()) {
            local.passing = true;
            assertThat(clock.read()).isEqualTo(UNKNOWN);
            assertThatThrownBy(clock::now)
                    .isInstanceOf(ClockNotTrustedException.class)
                    .hasMessageContaining("no response in time");
        }
    }

    @Test
    void aLateResponseIsNotTakenForTheNext() throws Exception {
        try (BoundedClock clock = open()) {
            local.passing = true;
            assertThat(clock.read()).isEqualTo(UNKNOWN);
            local.passing = false;
            CompletableFuture<BoundedInstant> reading = CompletableFuture.supplyAsync(clock::read);
            Asked late = server.next();
            Asked next = server.next();
            assertThat(late.isGone()).isTrue();
            next.answer(FROM_3_TO_4);
            assertThat(reading.join().earliestNanos()).isEqualTo(3);
        }
    }

    @Test
    void anInterruptedThreadReadsAndStaysInterrupted() throws Exception {
        try (BoundedClock clock = open()) {
            server.alwaysAnswer(FROM_3_TO_4);
            Thread.currentThread().interrupt();
            assertThat(clock.now().earliestNanos()).isEqualTo(3);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void anInterruptEndsAReadingThatWaits() throws Exception {
        try (BoundedClock clock = open()) {
            CompletableFuture<BoundedInstant> reading = new CompletableFuture<>();
            Thread thread = new Thread(() -> {
                BoundedInstant read = clock.read();
                reading.complete(Thread.interrupted() ? read : BoundedInstant.unbounded(ClockStatus.DISRUPTED));
            });
            thread.start();
            server.next();
            thread.interrupt();
            assertThat(reading.join()).isEqualTo(UNKNOWN);
        }
    }

    @Test
    void manyThreadsReadAtTheSameTime() throws Exception {
        try (BoundedClock clock = open()) {
            server.alwaysAnswer(FROM_3_TO_4);
            assertThat(IntStream.range(0, 1_000).parallel().mapToObj(i -> clock.now()))
                    .allSatisfy(now -> assertThat(now.earliestNanos()).isEqualTo(3));
        }
    }

    @Test
    void aCloseEndsTheReadingInProgressAndThoseThatWaitForTheirTurn() throws Exception {
        BoundedClock clock = open();
        List<CompletableFuture<BoundedInstant>> readings = Stream.generate(
                        () -> CompletableFuture.supplyAsync(clock::read, command -> new Thread(command).start()))
                .limit(3)
                .toList();
        server.next(); // it has the first request and does not answer
        clock.close();
        assertThat(readings)
                .allSatisfy(reading -> assertThatThrownBy(reading::join)
                        .hasCauseInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("a clock by a test is closed"));
    }

    @Test
    void cannotBeOpenedWhereNoDaemonAnswers() throws IOException {
        server.close();
        assertThatThrownBy(() -> SocketClock.open(endpoint, "", LONG, local))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(endpoint + ": ")
                .hasMessageMatching(".*(refused|No such file).*");
    }

    private BoundedClock open() throws Exception {
        CompletableFuture<Boolean> answered = CompletableFuture.supplyAsync(() -> answerNext(FROM_1_TO_2));
        BoundedClock clock = SocketClock.open(endpoint, "a test", LONG, local);
        assertThat(answered.join()).isTrue();
        return clock;
    }

    private BoundedInstant readWhen(BoundedClock clock, String answer) throws Exception {
        CompletableFuture<Boolean> answered = CompletableFuture.supplyAsync(() -> answerNext(answer));
        BoundedInstant read = clock.read();
        assertThat(answered.join()).isTrue();
        return read;
    }

    private boolean answerNext(String hex) {
        try {
            server.next().answer(hex);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** A clock that either stands still, so that every deadline is kept, or passes one with every look at it. */
    private static final class Patience implements LocalClock {

        private volatile boolean passing;
        private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

        @Override
        public long monotonicNanos() {
            return passing ? nanos.addAndGet(LONG.toNanos()) : nanos.get();
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH;
        }
    }
}
