/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.truth;

import io.clockbound.BoundSettings;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockErrorBound;
import io.clockbound.ErrorBoundTracker;
import io.clockbound.chrony.RecordedChronyd;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.LeapStatus;
import io.clockbound.spi.ReferenceId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What came of a trace that the product read as if it had happened: it polls when it would have polled, asks what chronyd
 * said then, and is judged at every line of truth. Beside it is judged what every other ClockBound makes of the same replies.
 *
 * <p>Nothing is made up between two recorded replies: a poll that is due waits for the next of them, which is up to a second
 * later while nothing changes, and never more than 100 ms after something changed.
 *
 * @param readings how often it was read
 * @param ours the product's intervals
 * @param symmetricHalfWidth of the same around the wall clock, as layout 2 carries them
 * @param byTrackingAlone intervals around the wall clock, by the formula of {@link #trackingBoundNanos}
 */
record Replay(int readings, Judgement ours, Widths symmetricHalfWidth, Judgement byTrackingAlone) {

    /**
     * What truth says of intervals.
     *
     * @param trusted how many there were
     * @param missed how many of them did not contain true time
     * @param minimumMarginNanos how far true time was from the nearer end, at worst; negative when outside; {@code
     *     Long.MAX_VALUE} when there was none
     */
    record Judgement(int trusted, int missed, long minimumMarginNanos, Widths halfWidth) {

        private String json() {
            return String.format(
                    Locale.ROOT,
                    "{\"trusted\":%d,\"missed\":%d,\"minimum_margin_ns\":%s,\"half_width_ns\":%s}",
                    trusted,
                    missed,
                    trusted == 0 ? "null" : Long.toString(minimumMarginNanos),
                    halfWidth.json());
        }
    }

    /** Judges intervals one after the other. */
    private static final class Judge {

        private final long[] halfWidths;
        private int trusted;
        private int missed;
        private long minimumMarginNanos = Long.MAX_VALUE;

        private Judge(int most) {
            halfWidths = new long[most];
        }

        private void judge(long earliestNanos, long trueNanos, long latestNanos, long halfWidthNanos) {
            long marginNanos = Math.min(trueNanos - earliestNanos, latestNanos - trueNanos);
            minimumMarginNanos = Math.min(minimumMarginNanos, marginNanos);
            missed += marginNanos < 0 ? 1 : 0;
            halfWidths[trusted++] = halfWidthNanos;
        }

        private Judgement judgement() {
            return new Judgement(trusted, missed, minimumMarginNanos, Widths.of(halfWidths, trusted));
        }
    }

    /** How widths are distributed; zeros when there were none. */
    record Widths(long medianNanos, long p95Nanos, long maximumNanos) {

        static Widths of(long[] nanos, int count) {
            long[] ascending = Arrays.copyOf(nanos, count);
            Arrays.sort(ascending);
            return new Widths(quantile(ascending, 0.5), quantile(ascending, 0.95), quantile(ascending, 1));
        }

        private static long quantile(long[] ascending, double share) {
            return ascending.length == 0 ? 0 : ascending[(int) Math.ceil(share * (ascending.length - 1))];
        }

        String json() {
            return String.format(
                    Locale.ROOT, "{\"median\":%d,\"p95\":%d,\"maximum\":%d}", medianNanos, p95Nanos, maximumNanos);
        }
    }

    /** How much earlier than it is due a poll may come, because the recorded replies are not exactly on time. */
    private static final long EARLY_NANOS = 10_000_000;

    /** Lets the product live through a trace. */
    static Replay of(Trace trace, Duration pollInterval) {
        TraceClock clock = new TraceClock(trace);
        RecordedChronyd chronyd = new RecordedChronyd();
        BoundSettings settings = settings(trace, pollInterval);
        ErrorBoundTracker tracker = new ErrorBoundTracker(clock, chronyd, List.of(), settings, poll -> {});
        int most = trace.events().size();
        Judge ours = new Judge(most);
        long[] symmetricHalfWidths = new long[most];
        Judge byTrackingAlone = new Judge(most);
        Optional<ClockSnapshot> tracking = Optional.empty();
        long dueNanos = 0;
        long polledNanos = 0;
        int readings = 0;
        for (Trace.Event event : trace.events()) {
            clock.setTo(event.trueNanos());
            if (event instanceof Trace.Replies replies) {
                if (event.trueNanos() >= dueNanos - EARLY_NANOS) {
                    chronyd.reply(replies.tracking(), replies.sources());
                    polledNanos = clock.monotonicNanos();
                    tracking = tracking(replies);
                    dueNanos = event.trueNanos() + tracker.poll().toNanos();
                }
                continue;
            }
            readings++;
            long trueNanos = clock.trueEpochNanos();
            if (tracking.isPresent()) {
                long wallNanos = clock.epochNanos();
                long halfNanos = trackingBoundNanos(tracking.get())
                        + (clock.monotonicNanos() - polledNanos) * settings.maxClockErrorPpb() / 1_000_000_000;
                byTrackingAlone.judge(wallNanos - halfNanos, trueNanos, wallNanos + halfNanos, halfNanos);
            }
            ClockErrorBound bound = tracker.current();
            BoundedInstant now = bound.read(clock);
            if (now.status().isTrusted()) {
                long halfNanos = bound.boundNanosAt(clock.monotonicNanos());
                symmetricHalfWidths[ours.trusted] = halfNanos + Math.abs(bound.correctionNanos());
                ours.judge(now.earliestNanos(), trueNanos, now.latestNanos(), halfNanos);
            }
        }
        return new Replay(
                readings, ours.judgement(), Widths.of(symmetricHalfWidths, ours.trusted), byTrackingAlone.judgement());
    }

    /** Returns what chronyd said of its estimate, unless it said that it is not synchronised. */
    private static Optional<ClockSnapshot> tracking(Trace.Replies replies) {
        RecordedChronyd chronyd = new RecordedChronyd();
        chronyd.reply(replies.tracking(), replies.sources());
        try {
            return Optional.of(chronyd.poll()).filter(said -> said.leap() != LeapStatus.UNSYNCHRONIZED);
        } catch (IOException e) {
            throw new UncheckedIOException("a recorded reply cannot be decoded", e);
        }
    }

    /**
     * Returns the bound of the ClockBounds before this one, and of chrony's documentation: |correction| + root dispersion +
     * root delay / 2. It bounds the error of an estimate, which is not always that of the clock.
     */
    static long trackingBoundNanos(ClockSnapshot said) {
        return Math.abs(said.correctionNanos()) + said.rootDispersionNanos() + said.rootDelayNanos() / 2;
    }

    private static BoundSettings settings(Trace trace, Duration pollInterval) {
        long ppb = new BigDecimal(trace.maxClockErrorPpm()).movePointRight(3).longValueExact();
        BoundSettings settings =
                BoundSettings.DEFAULTS.withMaxClockErrorPpb(ppb).withPollInterval(pollInterval);
        if (trace.referenceError().isEmpty()) {
            return settings;
        }
        Matcher said = Pattern.compile("(\\w+)=(\\d+)(us)?")
                .matcher(trace.referenceError().get());
        if (!said.matches()) {
            throw new IllegalArgumentException(
                    "reference_error " + trace.referenceError().get() + " must be like SHM0=12us, or SHM0=0");
        }
        Duration error = Duration.ofNanos(1_000 * Long.parseLong(said.group(2)));
        return settings.withReferenceError(ReferenceId.ofClock(said.group(1)), error);
    }

    /** Returns this as a JSON object on one line. */
    String json(String name) {
        return String.format(
                Locale.ROOT,
                "{\"trace\":\"%s\",\"readings\":%d,\"ours\":%s,\"symmetric_half_width_ns\":%s,\"by_tracking_alone\":%s}",
                name,
                readings,
                ours.json(),
                symmetricHalfWidth.json(),
                byTrackingAlone.json());
    }
}
