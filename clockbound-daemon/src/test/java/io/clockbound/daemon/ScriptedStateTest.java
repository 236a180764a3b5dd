/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import static io.clockbound.daemon.ScriptedChain.CORRECTION_NANOS;
import static io.clockbound.daemon.ScriptedChain.ERROR_NANOS;
import static io.clockbound.daemon.ScriptedChain.GOOD;
import static io.clockbound.daemon.ScriptedChain.GOOD_NANOS;
import static io.clockbound.daemon.ScriptedChain.RATE_PPB;
import static io.clockbound.daemon.ScriptedChain.assertUnsynchronized;
import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.BoundSettings;
import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.PollOutcome;
import io.clockbound.PollOutcome.Result;
import io.clockbound.chrony.testing.Answer;
import io.clockbound.chrony.testing.TrackingReply;
import io.clockbound.spi.EstimateOnly;
import io.clockbound.spi.LeapStatus;
import io.clockbound.spi.ReferenceId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** From chronyd's socket to the published bound: what chronyd says about its own state. */
class ScriptedStateTest {

    private static final String NOT_TOLD =
            "chronyd does not tell what it measures (chronyd answers SOURCE_DATA with UNAUTH:"
                    + " not allowed here; over UDP it allows what 'opencommands' in chrony.conf lists, on its Unix socket"
                    + " everything): in chrony.conf, 'opencommands' has to list sources and tracking";
    /** chronyd's {@code local} mode reports no error at all. */
    private static final TrackingReply LOCAL = new TrackingReply(
            ReferenceId.LOCAL, 10, LeapStatus.NORMAL, GOOD.referenceTime(), 0, 0, 0, 0, 0, 0, 0, 0, 0);

    @Test
    void theLocalReferenceIsRefused() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            chain.synchronize();
            assertUnsynchronized(
                    chain.poll(LOCAL),
                    "the time source follows nothing but its own clock (local mode), which says nothing of true time; closed"
                            + " networks may allow a local reference");
        }
    }

    @Test
    void theLocalReferenceIsTrustedWhereItIsAllowed() throws IOException {
        BoundSettings settings =
                BoundSettings.DEFAULTS.withMaxClockErrorPpb(50_000).withLocalReference(true);
        try (ScriptedChain chain = new ScriptedChain(settings, Instant.EPOCH.plus(Duration.ofDays(20_000)))) {
            chain.poll(LOCAL);
            PollOutcome poll = chain.pollForSeconds(60);
            assertThat(poll.result()).isEqualTo(Result.SYNCHRONIZED);
            assertThat(poll.bound().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            assertThat(poll.bound().maxDriftPpb()).isGreaterThanOrEqualTo(55_000);
        }
    }

    @Test
    void afterASingleUpdateNothingIsTrusted() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            PollOutcome first = chain.poll(ScriptedChain.withUpdateInterval(ScriptedChain.withSkew(GOOD, 1e6), 0));
            assertThat(first.bound().status()).isEqualTo(ClockStatus.UNKNOWN);
            assertThat(first.detail())
                    .isEqualTo(
                            "the time source has made a single update since it was started: the next one will be used");
            TrackingReply next = GOOD.withReferenceTime(GOOD.referenceTime().plusSeconds(16));
            assertThat(chain.poll(next).bound().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
        }
    }

    @Test
    void aSkewThatStaysAtItsCeilingSaysWhatMayBeWrongWithTheConfiguration() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            assertUnsynchronized(
                    chain.poll(ScriptedChain.withSkew(GOOD, 1e6)),
                    "the time source does not know the clock's frequency (its skew is 1000000 ppm); should that last,"
                            + " chrony.conf leaves it too few samples (maxsamples) or refuses what it finds (maxupdateskew)");
        }
    }

    @Test
    void leapStatusThreeIsRefused() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            ClockErrorBound good = chain.synchronize().bound();
            PollOutcome poll = chain.poll(ScriptedChain.withLeap(GOOD, LeapStatus.UNSYNCHRONIZED));
            assertUnsynchronized(
                    poll,
                    "the time source is not synchronised: it has no reference; chronyd follows none of its sources: 1 heard"
                            + " for long and not selected ('chronyc selectdata' tells why)");
            assertThat(poll.bound().asOfNanos()).isEqualTo(good.asOfNanos());
        }
    }

    @Test
    void leapStatusThreeIsRefusedWhereALocalReferenceIsAllowedToo() throws IOException {
        BoundSettings settings = BoundSettings.DEFAULTS.withLocalReference(true);
        try (ScriptedChain chain = new ScriptedChain(settings, Instant.parse("2026-11-22T20:00:00Z"))) {
            assertUnsynchronized(
                    chain.poll(ScriptedChain.withLeap(LOCAL, LeapStatus.UNSYNCHRONIZED)),
                    "the time source is not synchronised: it has no reference; chronyd follows no source");
        }
    }

    @Test
    void aServerThatShowsTheIdOfTheLocalReferenceIsFollowed() throws IOException {
        ReferenceId server = new ReferenceId(ReferenceId.LOCAL.code(), true); // it has an address
        try (ScriptedChain chain = new ScriptedChain()) {
            PollOutcome poll = chain.poll(TrackingReply.synchronizedTo(server));
            assertThat(poll.bound().status()).as(poll.detail()).isEqualTo(ClockStatus.SYNCHRONIZED);
            assertThat(poll.bound().boundNanos()).isGreaterThanOrEqualTo(GOOD_NANOS);
        }
    }

    @Test
    void aServerOfStratum15IsFollowedAsAnyOther() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            PollOutcome poll = chain.poll(ScriptedChain.withStratum(GOOD, 16));
            assertThat(poll.bound().status()).as(poll.detail()).isEqualTo(ClockStatus.SYNCHRONIZED);
        }
    }

    @Test
    void aChronydThatDoesNotTellWhatItMeasuresIsNotTrusted() throws IOException {
        try (ScriptedChain chain = new ScriptedChain()) {
            Answer closed = Answer.tracking(GOOD).withoutSources();
            assertUnsynchronized(chain.poll(closed), NOT_TOLD);
            chain.poll(GOOD);
            chain.poll(closed);
            PollOutcome poll = chain.pollForSeconds(1);
            assertThat(poll.result()).isEqualTo(Result.FREE_RUNNING); // what was measured before goes on growing
            assertThat(poll.detail()).isEqualTo(NOT_TOLD);
            assertThat(poll.bound().boundNanos()).isGreaterThan(GOOD_NANOS + RATE_PPB);
        }
    }

    @Test
    void aChronydThatDoesNotTellWhatItMeasuresIsTrustedWhereAnEstimateIsEnough() throws IOException {
        BoundSettings settings = BoundSettings.DEFAULTS.withEstimate(true);
        try (ScriptedChain chain = new ScriptedChain(settings, Instant.parse("2026-11-22T20:00:00Z"))) {
            PollOutcome poll = chain.poll(Answer.tracking(GOOD).withoutSources());
            assertThat(poll.result()).isEqualTo(Result.SYNCHRONIZED);
            assertThat(poll.bound().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
            long leastNanos = CORRECTION_NANOS / 2 + ERROR_NANOS;
            assertThat(poll.bound().boundNanos()).isBetween(leastNanos, leastNanos + 10);
            assertThat(poll.snapshot().orElseThrow().basis()).isEqualTo(new EstimateOnly(NOT_TOLD));
        }
    }

    @Test
    void aReferenceClockWhoseErrorNobodyTellsIsNotTrustedUntilTheOperatorSaysIt() throws IOException {
        ReferenceId gps = ReferenceId.ofClock("GPS");
        TrackingReply onGps = TrackingReply.synchronizedTo(gps);
        try (ScriptedChain chain = new ScriptedChain()) {
            PollOutcome poll = chain.poll(onGps);
            assertThat(poll.result()).isEqualTo(Result.UNSYNCHRONIZED);
            assertThat(poll.detail()).contains("reference-error GPS=TIME").contains("ENA");
            assertThat(poll.bound().status()).isEqualTo(ClockStatus.UNKNOWN);
        }
        for (long errorNanos : new long[] {0, 400_000}) {
            BoundSettings settings = BoundSettings.DEFAULTS.withReferenceError(gps, Duration.ofNanos(errorNanos));
            try (ScriptedChain chain = new ScriptedChain(settings, Instant.parse("2026-11-22T20:00:00Z"))) {
                PollOutcome poll = chain.poll(onGps);
                assertThat(poll.bound().status()).isEqualTo(ClockStatus.SYNCHRONIZED);
                assertThat(poll.referenceErrorNanos()).hasValue(errorNanos);
                assertThat(poll.bound().boundNanos()).isBetween(GOOD_NANOS + errorNanos, GOOD_NANOS + errorNanos + 10);
            }
        }
    }
}
