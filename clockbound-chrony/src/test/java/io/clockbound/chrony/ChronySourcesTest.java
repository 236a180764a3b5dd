/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockbound.chrony.testing.Answer;
import io.clockbound.chrony.testing.ScriptedChronyd;
import io.clockbound.chrony.testing.SourceReply;
import io.clockbound.chrony.testing.TrackingReply;
import io.clockbound.spi.ReferenceId;
import io.clockbound.spi.SourceState;
import io.clockbound.spi.SourceState.Role;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What chronyd tells of all its sources. */
@Timeout(60)
class ChronySourcesTest {

    private static final Duration LIMIT = Duration.ofMillis(50);
    private static final TrackingReply STATE = TrackingReply.synchronizedTo(new ReferenceId(0x7F000001, true));
    private static final SourceReply FOLLOWED = SourceReply.followedBy(STATE);

    private static final byte[] LOOPBACK_6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    private ScriptedChronyd chronyd;
    private ChronyTimeSource source;

    @BeforeEach
    void start() throws IOException {
        chronyd = ScriptedChronyd.onUdp();
        source = new ChronyTimeSource().with(Map.of("address", chronyd.address()));
    }

    @AfterEach
    void end() throws IOException {
        source.close();
        chronyd.close();
    }

    @Test
    void theFollowedOneIsFirstAndEachHasItsAddressAndWhatChronydMakesOfIt() throws IOException {
        SourceReply other = FOLLOWED.withAddress(SourceReply.ip(LOOPBACK_6)).withState(2);
        SourceReply silent = FOLLOWED.withAddress(SourceReply.ip((byte) 192, (byte) 0, (byte) 2, (byte) 9))
                .withState(1)
                .withReach(0)
                .withSince(SourceReply.NEVER);
        chronyd.answer(Answer.tracking(STATE, List.of(other, silent, FOLLOWED)));
        source.poll();
        List<SourceState> sources = source.sources(LIMIT);
        assertThat(sources).extracting(SourceState::name).containsExactly("127.0.0.1", "0:0:0:0:0:0:0:1", "192.0.2.9");
        assertThat(sources)
                .extracting(SourceState::role)
                .containsExactly(Role.FOLLOWED, Role.FALSETICKER, Role.UNUSABLE);
        assertThat(sources).extracting(SourceState::isHeard).containsExactly(true, true, false);
        assertThat(sources.get(0).measurement()).isPresent();
        assertThat(sources.get(2).measurement()).isEmpty();
        // what chronyd itself reports when it follows ::1
        assertThat(sources.get(1).id()).isEqualTo(new ReferenceId(0xCF404DC8, true));
    }

    @Test
    void anUnusableReplyFailsTheQuestionAndNotTheNextPoll() throws IOException {
        source.poll();
        chronyd.answer(Answer.silence());
        assertThatThrownBy(() -> source.sources(LIMIT)).isInstanceOf(IOException.class);
        chronyd.answer(Answer.tracking());
        source.poll();
        assertThat(source.sources(LIMIT)).hasSize(1);
    }

    @Test
    void aChronydThatRefusesItsSourcesHasNone() throws IOException {
        chronyd.answer(Answer.tracking().withoutSources());
        source.poll();
        assertThat(source.sources(LIMIT)).isEmpty();
        assertThat(source.peer()).isEqualTo(chronyd.address());
    }
}
