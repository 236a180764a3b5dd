/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.BoundedInstant;
import io.clockbound.BoundedReading;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ResponderTest {

    private static final String STATUS = "{}";

    private final List<IOException> failures = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({"999, true", "1000, false", "2000, false", "2001, false", "-1, false"})
    void beforeIsCertainOnlyBelowTheEarliest(long epochNanos, boolean certain) {
        assertThat(response(RequestType.BEFORE, epochNanos, 1_000, 2_000))
                .isEqualTo(new Response.Verdict(RequestType.BEFORE, false, certain));
    }

    @ParameterizedTest
    @CsvSource({"999, false", "1000, false", "2000, false", "2001, true", "-1, true"})
    void afterIsCertainOnlyAboveTheLatest(long epochNanos, boolean certain) {
        assertThat(response(RequestType.AFTER, epochNanos, 1_000, 2_000))
                .isEqualTo(new Response.Verdict(RequestType.AFTER, false, certain));
    }

    @Test
    void endsBeforeTheEpochBecomeTheEpoch() {
        assertThat(response(RequestType.NOW, 0, -5, 7)).isEqualTo(new Response.Interval(false, 0, 7));
        assertThat(response(RequestType.BEFORE, 0, -5, 7))
                .isEqualTo(new Response.Verdict(RequestType.BEFORE, false, false));
    }

    @Test
    void anIntervalThatEndsBeforeTheEpochIsRefused() {
        assertThat(response(RequestType.NOW, 0, -5, 0)).isEqualTo(new Response.Interval(false, 0, 0));
        assertThat(response(RequestType.NOW, 0, -5, -1)).isEqualTo(new Response.Refusal(false));
        assertThat(response(RequestType.AFTER, 1, -5, -1))
                .isEqualTo(new Response.Verdict(RequestType.AFTER, false, true));
    }

    @Test
    void noTimeIsAfterAnIntervalThatReachesTheEndOfTheTimeLine() {
        assertThat(response(RequestType.AFTER, Long.MIN_VALUE, 1_000, Long.MAX_VALUE))
                .isEqualTo(new Response.Verdict(RequestType.AFTER, false, false));
    }

    @Test
    void freeRunningRaisesTheFlag() {
        BoundedInstant now = new BoundedInstant(1, 9, ClockStatus.FREE_RUNNING);
        assertThat(response(Request.NOW, now)).isEqualTo(new Response.Interval(true, 1, 9));
    }

    @ParameterizedTest
    @EnumSource(
            value = ClockStatus.class,
            names = {"UNKNOWN", "DISRUPTED"})
    void aClockWithoutTrustRefusesEverythingButTheStatus(ClockStatus status) {
        BoundedInstant now = BoundedInstant.unbounded(status);
        assertThat(response(new Request(RequestType.AFTER, -1), now)).isEqualTo(new Response.Refusal(true));
        assertThat(response(Request.NOW, now)).isEqualTo(new Response.Refusal(true));
        assertThat(response(Request.STATUS, now)).isEqualTo(new Response.Report(RequestType.STATUS, true, STATUS));
    }

    @Test
    void aMalformedRequestIsRefusedWithTheFlagOfTheClock() {
        assertThat(response(Request.MALFORMED, new BoundedInstant(1, 9, ClockStatus.SYNCHRONIZED)))
                .isEqualTo(new Response.Refusal(false));
        assertThat(response(Request.MALFORMED, new BoundedInstant(1, 9, ClockStatus.FREE_RUNNING)))
                .isEqualTo(new Response.Refusal(true));
    }

    @Test
    void aStatusReportThatFailsIsRefusedAndReportedOnce() {
        Responder responder = new Responder(
                SettableClock.at(1, 9, ClockStatus.SYNCHRONIZED),
                () -> {
                    throw new IllegalStateException("a bug");
                },
                new FailureLimiter(LocalClock.system(), failures::add));
        assertThat(response(responder, Request.STATUS)).isEqualTo(new Response.Refusal(false));
        assertThat(response(responder, Request.STATUS)).isEqualTo(new Response.Refusal(false));
        assertThat(failures).singleElement().asString().contains("a bug");
    }

    @Test
    void aReportThatDoesNotFitIsRefusedAndReported() {
        Responder responder = new Responder(
                SettableClock.at(1, 9, ClockStatus.SYNCHRONIZED),
                () -> "x".repeat(Transport.MAX_STATUS_BYTES + 1),
                new FailureLimiter(LocalClock.system(), failures::add));
        assertThat(response(responder, Request.STATUS)).isEqualTo(new Response.Refusal(false));
        assertThat(failures).singleElement().asString().contains("STATUS report of 8193 bytes");
    }

    private static Response response(RequestType type, long epochNanos, long earliestNanos, long latestNanos) {
        return response(
                new Request(type, epochNanos),
                new BoundedInstant(earliestNanos, latestNanos, ClockStatus.SYNCHRONIZED));
    }

    private static Response response(Request request, BoundedInstant now) {
        SettableClock clock = new SettableClock();
        clock.set(now);
        Responder responder =
                new Responder(clock, () -> STATUS, new FailureLimiter(LocalClock.system(), failure -> {}));
        return response(responder, request);
    }

    private static Response response(Responder responder, Request request) {
        ByteBuffer bytes = ByteBuffer.allocate(Response.maxBytes(request.type()));
        RequestResult result = responder.respond(request, new BoundedReading(), bytes);
        Response response;
        try {
            response = Response.decode(bytes.flip());
        } catch (ProtocolException e) {
            throw new AssertionError(e);
        }
        assertThat(result)
                .isEqualTo(response instanceof Response.Refusal ? RequestResult.REFUSED : RequestResult.ANSWERED);
        return response;
    }
}
