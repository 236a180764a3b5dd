/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.EstimateOnly;
import io.clockbound.spi.Measurement;
import io.clockbound.spi.ReferenceId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the replies of the source have shown, usable or not. Immutable.
 *
 * @param last the last reply; null before the first one
 * @param estimate how wrong the source's estimate can be; null when nothing is known of it any more
 * @param updateSeenNanos monotonic time before the poll that showed the present estimate first
 * @param runBegan the last reply that showed an update after which the source may rest on what it has saved in an earlier run; null
 *     when there was none
 * @param forgotten the steps that the source may have forgotten
 * @param frequencies what the source reckoned with at its last updates
 * @param leap the announced leap second
 * @param errors the error of the reference clock itself
 */
record SourceHistory(
        @Nullable SourceReply last,
        @Nullable Estimate estimate,
        long updateSeenNanos,
        @Nullable SourceReply runBegan,
        ForgottenSteps forgotten,
        RecentFrequencies frequencies,
        LeapSecond leap,
        ReferenceErrors errors) {

    static final SourceHistory NONE = new SourceHistory(
            null, null, 0, null, ForgottenSteps.NONE, RecentFrequencies.NONE, LeapSecond.NONE, ReferenceErrors.NONE);

    /** How often a source may miss its poll interval before it is free running. */
    private static final long POLLS_MISSED = 4;

    /** How often a source that reports no measurement may miss its update interval before it is free running. */
    private static final long UPDATES_MISSED = 8;

    /** A source is not free running before that, however often it measures. */
    private static final long MINIMUM_LATE_NANOS = 16_000_000_000L;

    /**
     * Returns what is known after another reply.
     *
     * @param error the reference's own error at this poll
     * @param latestNanos the latest that it can have been when the source was asked
     */
    SourceHistory after(SourceReply reply, ReferenceError error, long latestNanos) {
        ClockSnapshot snapshot = reply.snapshot();
        boolean isUpdate = reply.isUpdateSince(last);
        boolean isRestart = reply.isRestartSince(last);
        ForgottenSteps nowForgotten = forgotten.after(last, reply);
        return new SourceHistory(
                reply,
                isRestart ? null : estimate,
                isUpdate ? reply.askedNanos() : updateSeenNanos,
                isUpdate && reply.mayBeRestartedSince(last) ? reply : runBegan,
                nowForgotten,
                isUpdate && reply.hasReference() && snapshot.lastUpdateIntervalNanos() > 0
                        ? frequencies.after(
                                new RecentFrequencies.Stated(snapshot.frequencyPpb(), snapshot.skewPpb()),
                                reply.receivedNanos(),
                                reply.equals(nowForgotten.seen()) && !isDisciplined())
                        : frequencies,
                leap.after(snapshot.leap(), latestNanos),
                errors.after(reply.isNewMeasurementSince(last), snapshot.reference(), error));
    }

    private boolean isDisciplined() {
        return estimate != null && estimate.discipline().kind() == DisciplineProof.Kind.DISCIPLINED;
    }

    /**
     * Tells whether a reply may rest on what was measured before the first update since the source was started. chronyd saves
     * measurements ({@code -r}), but not the correction that they were made with; and where it may not step the clock, its first
     * update may take an offset off them that stays in the clock. Two updates can be so near each other that no reply shows the
     * first.
     */
    boolean isOfEarlierRun(SourceReply reply) {
        if (reply.isOfFirstUpdate()) {
            return true;
        }
        if (runBegan == null || !(reply.snapshot().basis() instanceof Measurement)) {
            return false;
        }
        if (estimate != null
                && estimate.reply().askedNanos() - runBegan.askedNanos() > 0
                && !reply.isNewMeasurementSince(estimate.reply())) {
            return false; // it was new enough; its age, in whole seconds, may look greater now
        }
        return !reply.isMeasuredAfter(runBegan);
    }

    SourceHistory withEstimate(Estimate other) {
        return new SourceHistory(last, other, updateSeenNanos, runBegan, forgotten, frequencies, leap, errors);
    }

    /** Returns this without what was known of the estimate, because what has happened to it since is not known. */
    SourceHistory withoutEstimate() {
        return new SourceHistory(last, null, updateSeenNanos, runBegan, forgotten, frequencies, leap, errors);
    }

    SourceHistory withLeap(LeapSecond other) {
        return new SourceHistory(last, estimate, updateSeenNanos, runBegan, forgotten, frequencies, other, errors);
    }

    /** Returns why the source has lost its reference, if it has. */
    Optional<String> whyFreeRunning(Estimate found) {
        ClockSnapshot snapshot = found.reply().snapshot();
        if (snapshot.reference().equals(ReferenceId.LOCAL)) {
            return Optional.empty(); // allowed by the operator, and never measured
        }
        if (snapshot.basis() instanceof Measurement measurement) {
            long ageNanos = found.reply().receivedNanos() - found.measuredNanos();
            return measurement.unheard().isEmpty() && isLate(ageNanos, POLLS_MISSED, measurement.pollIntervalNanos())
                    ? Optional.of(
                            "the time source has not measured for more than four of its poll intervals: it has lost its"
                                    + " reference, or does not use what it measures")
                    : measurement.unheard();
        }
        if (snapshot.basis() instanceof EstimateOnly only && !found.isOfThisReply()) {
            return Optional.of(only.reason());
        }
        long ageNanos = found.reply().askedNanos() - updateSeenNanos;
        return isLate(ageNanos, UPDATES_MISSED, snapshot.lastUpdateIntervalNanos())
                ? Optional.of("the time source has not updated its estimate for long: it has lost its reference")
                : Optional.empty();
    }

    private static boolean isLate(long ageNanos, long missed, long intervalNanos) {
        long allowedNanos = Math.min(intervalNanos, ClockSnapshot.MAX_MAGNITUDE / missed) * missed;
        return ageNanos > Math.max(allowedNanos, MINIMUM_LATE_NANOS);
    }
}
