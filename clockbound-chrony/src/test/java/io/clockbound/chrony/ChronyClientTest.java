/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockbound.chrony.testing.ScriptedChronyd;
import io.clockbound.testing.SimulatedClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One exchange, by a clock that a test moves: the process may lose the processor, or be stopped, in its middle. */
@Timeout(30)
class ChronyClientTest {

    private static final long NANOS_PER_TRY = 200_000_000;

    private final SimulatedClock clock = new SimulatedClock(Instant.parse("2026-03-01T12:00:00Z"));
    private ScriptedChronyd chronyd;
    private ChronyClient client;
    private long deadlineNanos;

    @BeforeEach
    void start() throws IOException {
        chronyd = ScriptedChronyd.onUdp();
        UdpAddress address = UdpAddress.parse(chronyd.address());
        client =
                ChronyClient.on(address.connect(new HostLookup(InetAddress::getByName), NANOS_PER_TRY), address, clock);
        deadlineNanos = clock.monotonicNanos() + Duration.ofMinutes(1).toNanos();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        chronyd.close();
    }

    @Test
    void aReplyThatIsReadAtTheDeadlineIsInTime() throws IOException {
        clock.beforeReading(2, () -> clock.advanceNanos(NANOS_PER_TRY));
        client.until(deadlineNanos).ask(Request.TRACKING);
        assertThat(chronyd.requests()).hasSize(1);
    }

    @Test
    void aReplyThatIsReadAfterTheDeadlineIsAskedForAnew() throws IOException {
        clock.beforeReading(2, () -> clock.advanceNanos(NANOS_PER_TRY + 1));
        client.until(deadlineNanos).ask(Request.TRACKING);
        assertThat(chronyd.requests()).hasSize(2);
    }

    @Test
    void whenNoTimeIsLeftThatIsSaidAndNothingIsAsked() {
        Exchange exchange = client.until(deadlineNanos);
        clock.advance(Duration.ofMinutes(1));
        assertThatThrownBy(() -> exchange.ask(Request.TRACKING))
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage("no time is left to ask more: chronyd replies too slowly");
        assertThat(chronyd.requests()).isEmpty();
    }

    @Test
    void aRefusalLeavesItUsable() throws IOException {
        assertThatThrownBy(() -> client.until(deadlineNanos).ask(Request.sourceData(7)))
                .isInstanceOf(ChronyRefusal.class)
                .hasMessageStartingWith("chronyd answers SOURCE_DATA with NOSUCHSOURCE");
        client.until(deadlineNanos).ask(Request.TRACKING);
        assertThat(chronyd.requests()).hasSize(2);
    }

    @Test
    void whenTheReplyToTheSecondAttemptIsReadTooLateThereIsNone() {
        clock.readingCosts(Duration.ofSeconds(3));
        assertThatThrownBy(() -> client.until(deadlineNanos).ask(Request.TRACKING))
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessageStartingWith("no reply: ");
        assertThat(chronyd.requests()).hasSize(2);
    }
}
