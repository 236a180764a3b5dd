/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.clockbound.spi.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link TimeSource} has to keep. A test class extends it and names a source whose peer replies, and one whose peer does
 * not:
 *
 * <pre>{@code
 * class MyTimeSourceTest extends TimeSourceContract {
 *
 *     @Override
 *     protected TimeSource replying() {
 *         return new MyTimeSource().with(Map.of("address", server.address()));
 *     }
 *
 *     @Override
 *     protected TimeSource silent() {
 *         return new MyTimeSource().with(Map.of("address", "127.0.0.1:9"));
 *     }
 * }
 * }</pre>
 *
 * <p>It cannot judge whether what the source reports is true: that wants a clock whose error is known.
 */
@Timeout(60)
public abstract class TimeSourceContract {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** For subclasses. */
    protected TimeSourceContract() {}

    /** Returns a source whose peer replies to each poll; the test closes it. */
    protected abstract TimeSource replying() throws IOException;

    /** Returns a source of one peer, which does not reply; the test closes it. */
    protected abstract TimeSource silent() throws IOException;

    @Test
    void everyPollReturnsWhatTheReplySays() throws Exception {
        try (TimeSource source = replying()) {
            for (int i = 0; i < 5; i++) {
                assertThat(source.poll()).isNotNull();
            }
        }
    }

    @Test
    void aPollAfterTheCloseOpensAnew() throws Exception {
        TimeSource source = replying();
        source.close(); // nothing is open yet
        source.poll();
        source.close();
        source.close();
        assertThat(source.poll()).isNotNull();
        source.close();
    }

    @Test
    void silenceIsAnExceptionThatNamesThePeerAtEachPoll() throws Exception {
        try (TimeSource source = silent()) {
            for (int i = 0; i < 2; i++) {
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(source::poll)
                        .withMessageContaining(source.peer());
            }
        }
    }

    @Test
    void anInterruptedPollEnds() throws Exception {
        try (TimeSource source = silent()) {
            AtomicReference<Throwable> end = new AtomicReference<>();
            Thread poll = new Thread(() -> {
                Thread.currentThread().interrupt();
                end.set(catchThrowable(source::poll));
            });
            poll.start();
            poll.join(); // the hang guard ends this
            assertThat(end.get()).isInstanceOf(IOException.class);
        }
    }

    @Test
    void itsPeerAndItsReferenceHaveNames() throws Exception {
        try (TimeSource source = replying()) {
            assertThat(source.peer()).isNotBlank();
            assertThat(source.nameOf(source.poll().reference())).isNotBlank();
            assertThat(source.peer()).isNotBlank();
        }
    }

    @Test
    void toAskForItsSourcesChangesNothingThatAPollFinds() throws Exception {
        try (TimeSource source = replying()) {
            source.poll();
            Throwable refusal = catchThrowable(() -> source.sources(PATIENCE));
            assertThat(refusal == null || refusal instanceof IOException)
                    .as("returned its sources, or refused them by an IOException")
                    .isTrue();
            assertThat(source.poll()).isNotNull();
        }
    }

    @Test
    void operatorsCanNameItAndAWrongSettingIsRefusedByName() throws Exception {
        try (TimeSource source = replying()) {
            assertThat(source.name()).matches("[a-z][a-z0-9-]*");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> source.with(Map.of("no-such-setting", "1")))
                    .withMessageContaining("no-such-setting");
        }
    }
}
