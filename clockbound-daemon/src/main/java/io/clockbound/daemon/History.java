/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.PollOutcome;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.ReferenceId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What the polls have shown over time: the last changes, and the half widths of each minute of the last day.
 *
 * <p>{@link #note} is called by the polling thread alone; without a change and within a minute it allocates nothing. The other
 * methods may be called by any thread, and wait for nothing.
 */
@Singleton
final class History {

    static final int MAX_CHANGES = 100;

    /** A day of minutes. */
    static final int MAX_PERIODS = 24 * 60;

    private static final long PERIOD_NANOS = Duration.ofMinutes(1).toNanos();

    /** Two for each of ten polls a second, which is as fast as they go, and some more. */
    private static final int MAX_SAMPLES = 1_500;

    private final LocalClock local;
    private final AtomicReferenceArray<@Nullable Period> periods = new AtomicReferenceArray<>(MAX_PERIODS);
    private volatile int periodsEnded;
    private volatile List<Change> changes = List.of();
    private final long startNanos;

    private final long[] samples = new long[MAX_SAMPLES];
    private int sampled;
    private int polls;
    private long minNanos = Long.MAX_VALUE;
    private long maxNanos;
    private long periodBeganNanos;
    private long periodBeganEpochNanos;

    private ClockStatus status = ClockStatus.UNKNOWN;
    private long voidAfterNanos;
    private ReferenceId reference = ReferenceId.NONE;
    private String lastDetail = "no poll of the time source has ended yet";

    @Inject
    History(LocalClock local) {
        this.local = local;
        this.startNanos = local.monotonicNanos();
        this.periodBeganNanos = startNanos;
        this.periodBeganEpochNanos = local.epochNanos();
    }

    /** Takes note of the outcome of a poll. */
    void note(PollOutcome poll) {
        long nowNanos = local.monotonicNanos();
        if (nowNanos - periodBeganNanos >= PERIOD_NANOS) {
            endPeriod(nowNanos);
        }
        polls++;
        if (poll.bound().status().isTrusted()) {
            sample(poll.bound().boundNanosAt(nowNanos));
        }
        noteExpiry(nowNanos);
        noteStatus(poll, nowNanos);
        voidAfterNanos = poll.bound().voidAfterNanos();
        poll.snapshot()
                .map(ClockSnapshot::reference)
                .filter(followed -> poll.terms().isPresent() || followed.equals(ReferenceId.NONE))
                .ifPresent(followed -> noteSource(followed, nowNanos));
    }

    private void sample(long halfWidthNanos) {
        minNanos = Math.min(minNanos, halfWidthNanos);
        maxNanos = Math.max(maxNanos, halfWidthNanos);
        if (sampled < MAX_SAMPLES) {
            samples[sampled++] = halfWidthNanos;
        }
    }

    private void endPeriod(long nowNanos) {
        Arrays.sort(samples, 0, sampled);
        int ended = periodsEnded;
        periods.set(
                ended % MAX_PERIODS,
                new Period(
                        periodBeganEpochNanos,
                        nowNanos - periodBeganNanos,
                        minNanos,
                        samples[sampled / 2],
                        maxNanos,
                        sampled,
                        polls));
        periodsEnded = ended + 1;
        periodBeganNanos = nowNanos;
        periodBeganEpochNanos = local.epochNanos();
        sampled = 0;
        polls = 0;
        minNanos = Long.MAX_VALUE;
        maxNanos = 0;
    }

    /** Takes note that the trust ended while nobody polled: the program was stopped, or had no processor time. */
    private void noteExpiry(long nowNanos) {
        if (status.isTrusted() && nowNanos - voidAfterNanos > 0) {
            long epochNanos = local.epochNanos() - (nowNanos - voidAfterNanos);
            add(new Change.OfStatus(epochNanos, voidAfterNanos, status, ClockStatus.UNKNOWN, Why.EXPIRED + lastDetail));
            status = ClockStatus.UNKNOWN;
        }
    }

    private void noteStatus(PollOutcome poll, long nowNanos) {
        boolean isPending = poll.result() == PollOutcome.Result.PENDING;
        String before = lastDetail;
        if (!isPending) {
            lastDetail = Why.ofPublished(poll.bound().status(), poll);
        }
        // what is asked after a gap has a bound that is void already
        ClockStatus now = poll.bound().statusAt(nowNanos) == ClockStatus.UNKNOWN
                ? ClockStatus.UNKNOWN
                : poll.bound().status();
        if (now != status) {
            String why = isPending ? Why.EXPIRED + lastDetail : lastDetail;
            add(new Change.OfStatus(local.epochNanos(), nowNanos, status, now, why));
            status = now;
        } else if (!lastDetail.equals(before) && poll.result() != PollOutcome.Result.SYNCHRONIZED) {
            add(new Change.OfReason(local.epochNanos(), nowNanos, status, lastDetail));
        }
    }

    private void noteSource(ReferenceId followed, long nowNanos) {
        if (!followed.equals(reference)) {
            add(new Change.OfSource(local.epochNanos(), nowNanos, reference, followed));
            reference = followed;
        }
    }

    private void add(Change change) {
        List<Change> all = new ArrayList<>(changes);
        all.add(change);
        if (all.size() > MAX_CHANGES) {
            all.remove(firstToForget(all));
        }
        changes = List.copyOf(all);
    }

    /** A reason that comes and goes must not make the changes of the status forgotten. */
    private static Change firstToForget(List<Change> all) {
        return all.stream()
                .filter(Change.OfReason.class::isInstance)
                .findFirst()
                .orElse(all.get(0));
    }

    /** Returns the last changes, the oldest first. */
    List<Change> changes() {
        return changes;
    }

    /** Returns the last change of the status; empty while it is what it was at the start. */
    Optional<Change.OfStatus> lastOfStatus() {
        List<Change> all = changes;
        for (int i = all.size() - 1; i >= 0; i--) {
            if (all.get(i) instanceof Change.OfStatus change) {
                return Optional.of(change);
            }
        }
        return Optional.empty();
    }

    /** Returns the monotonic time when this began. */
    long startNanos() {
        return startNanos;
    }

    /** Returns the minutes that have ended and began since then, the oldest first. */
    List<Period> since(long epochNanos) {
        List<Period> found = new ArrayList<>();
        int ended = periodsEnded;
        for (int i = Math.max(0, ended - MAX_PERIODS); i < ended; i++) {
            Period period = periods.get(i % MAX_PERIODS);
            if (period != null && period.beganEpochNanos() >= epochNanos) {
                found.add(period);
            }
        }
        return found;
    }
}
