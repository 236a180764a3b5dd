/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.truth;

import io.clockbound.BoundSettings;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockErrorBound;
import io.clockbound.ErrorBoundTracker;
import io.clockbound.chrony.RecordedChronyd;
import io.clockbound.spi.ReferenceId;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What came of a trace that the product read as if it had happened: it polls when it would have polled, asks what chronyd
 * said then, and is judged at every line of truth.
 *
 * <p>Nothing is made up between two recorded replies: a poll that is due waits for the next of them, which is up to a second
 * later while nothing changes, and never more than 100 ms after something changed.
 *
 * @param readings how often it was read
 * @param trusted how often the reading was trusted
 * @param missed how often true time was outside a trusted interval
 * @param minimumMarginNanos how far true time was from the nearer end of the interval, at worst; negative when outside
 * @param halfWidth of the trusted intervals
 * @param symmetricHalfWidth of the same around the wall clock, as layout 2 carries them
 */
record Replay(
        int readings, int trusted, int missed, long minimumMarginNanos, Widths halfWidth, Widths symmetricHalfWidth) {

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
                    Locale.ROOT, "{\"median\":%d,\"p95\":%d,\"max\":%d}", medianNanos, p95Nanos, maximumNanos);
        }
    }

    /** How much earlier than it is due a poll may come, because the recorded replies are not exactly on time. */
    private static final long EARLY_NANOS = 10_000_000;

    /** Lets the product live through a trace. */
    static Replay of(Trace trace, Duration pollInterval) {
        TraceClock clock = new TraceClock(trace);
        RecordedChronyd chronyd = new RecordedChronyd();
        ErrorBoundTracker tracker =
                new ErrorBoundTracker(clock, chronyd, List.of(), settings(trace, pollInterval), poll -> {});
        long dueNanos = 0;
        int readings = 0;
        int trusted = 0;
        int missed = 0;
        long minimumMarginNanos = Long.MAX_VALUE;
        long[] halfWidths = new long[trace.events().size()];
        long[] symmetricHalfWidths = new long[trace.events().size()];
        for (Trace.Event event : trace.events()) {
            clock.setTo(event.trueNanos());
            if (event instanceof Trace.Replies replies) {
                if (event.trueNanos() >= dueNanos - EARLY_NANOS) {
                    chronyd.reply(replies.tracking(), replies.sources());
                    dueNanos = event.trueNanos() + tracker.poll().toNanos();
                }
                continue;
            }
            readings++;
            ClockErrorBound bound = tracker.current();
            BoundedInstant now = bound.read(clock);
            if (!now.status().isTrusted()) {
                continue;
            }
            long marginNanos =
                    Math.min(clock.trueEpochNanos() - now.earliestNanos(), now.latestNanos() - clock.trueEpochNanos());
            minimumMarginNanos = Math.min(minimumMarginNanos, marginNanos);
            missed += marginNanos < 0 ? 1 : 0;
            halfWidths[trusted] = bound.boundNanosAt(clock.monotonicNanos());
            symmetricHalfWidths[trusted] = halfWidths[trusted] + Math.abs(bound.correctionNanos());
            trusted++;
        }
        return new Replay(
                readings,
                trusted,
                missed,
                minimumMarginNanos,
                Widths.of(halfWidths, trusted),
                Widths.of(symmetricHalfWidths, trusted));
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
                "{\"trace\":\"%s\",\"readings\":%d,\"trusted\":%d,\"missed\":%d,\"least_margin_ns\":%s,"
                        + "\"half_width_ns\":%s,\"symmetric_half_width_ns\":%s}",
                name,
                readings,
                trusted,
                missed,
                trusted == 0 ? "null" : Long.toString(minimumMarginNanos),
                halfWidth.json(),
                symmetricHalfWidth.json());
    }
}
