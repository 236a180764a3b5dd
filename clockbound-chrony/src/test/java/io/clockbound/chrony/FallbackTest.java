/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clockbound.chrony.testing.Answer;
import io.clockbound.chrony.testing.ScriptedChronyd;
import io.clockbound.chrony.testing.TestChronyd;
import io.clockbound.spi.ReferenceId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class FallbackTest {

    private static final ReferenceId SERVER = new ReferenceId(0x7F000001, true);

    @TempDir
    Path directory;

    private ScriptedChronyd first;

    @BeforeEach
    void start() throws IOException {
        first = ScriptedChronyd.onUdp();
    }

    @AfterEach
    void stop() throws IOException {
        first.close();
    }

    private static ChronyTimeSource asking(String addresses) {
        return new ChronyTimeSource().with(Map.of("address", addresses));
    }

    @Test
    void itSticksToTheAddressThatAnsweredUntilThatFails() throws IOException {
        try (ScriptedChronyd other = ScriptedChronyd.onUdp();
                ChronyTimeSource both = asking(first.address() + "," + other.address())) {
            assertThat(both.peer()).isEqualTo(first.address() + ", " + other.address());
            first.die();
            both.poll();
            assertThat(both.peer()).isEqualTo(other.address());
            first.restart();
            both.poll();
            assertThat(both.peer()).isEqualTo(other.address());
            other.answer(Answer.silence());
            both.poll();
            assertThat(both.peer()).isEqualTo(first.address());
        }
    }

    @Test
    void whenAllFailOneErrorNamesEachAddressAndReason() throws IOException {
        String nobody = "127.0.0.1:" + TestChronyd.freeUdpPort();
        Path file = directory.resolve("chronyd.sock");
        first.answer(Answer.status(2));
        try (ChronyTimeSource all = asking("unix:" + file + "," + nobody + "," + first.address())) {
            assertThatThrownBy(all::poll)
                    .hasMessageStartingWith("unix:" + file + ": no such socket: ")
                    .hasMessageContaining("; " + nobody + ": connection refused: ")
                    .hasMessageContaining("; " + first.address() + ": chronyd answers TRACKING with UNAUTH")
                    .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(3));
        }
    }

    @Test
    void whenNothingAnswersAnyMoreTheAddressThatDidIsNamedFirstAndTheSameReasonOnce() throws IOException {
        String nobody = "127.0.0.1:" + TestChronyd.freeUdpPort();
        Path file = directory.resolve("chronyd.sock");
        try (ChronyTimeSource all = asking("unix:" + file + "," + nobody + "," + first.address())) {
            all.poll();
            first.die();
            String reason = first.address() + ", " + nobody
                    + ": connection refused: nothing listens there; is chronyd running, with this cmdport?; unix:"
                    + file
                    + ": no such socket: chronyd is not running, or its bindcmdaddress in chrony.conf is another path";
            assertThatThrownBy(all::poll).hasMessage(reason);
            assertThatThrownBy(all::poll)
                    .as("the next poll asks in another order")
                    .hasMessage(reason);
        }
    }

    @Test
    void longListOfSilentAddressesStillGivesEachAChance() throws IOException {
        first.answer(Answer.silence());
        String port = first.address().substring(first.address().indexOf(':'));
        try (ScriptedChronyd last = ScriptedChronyd.onUdp();
                ChronyTimeSource many = asking("127.0.0.1" + port + ",localhost" + port + ",LOCALHOST" + port
                        + ",Localhost" + port + ",localHost" + port + "," + last.address())) {
            assertThat(many.poll().reference()).isEqualTo(SERVER);
        }
    }

    @Test
    void unknownHostIsAnErrorOfThePoll() throws IOException {
        try (ChronyTimeSource unknown = asking("no-such-host.invalid:323")) {
            assertThatThrownBy(unknown::poll)
                    .hasMessageMatching("no-such-host.invalid:323: (no host of this name is known|the name server .*)");
        }
    }

    @Test
    void ipv6IsAsked() throws IOException {
        assumeTrue(Loopback.hasIpv6(), "this host has no ::1");
        try (ScriptedChronyd six = ScriptedChronyd.onUdp6();
                ChronyTimeSource overSix = asking(six.address())) {
            assertThat(overSix.poll().reference()).isEqualTo(SERVER);
            assertThat(overSix.peer()).isEqualTo(six.address()).startsWith("[::1]:");
            six.die();
            assertThatThrownBy(overSix::poll).hasMessageContaining("connection refused");
        }
    }
}
