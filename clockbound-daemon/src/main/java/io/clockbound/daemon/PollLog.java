/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.PollOutcome;
import io.clockbound.PollOutcome.Result;
import io.clockbound.daemon.config.DurationText;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.ReferenceId;
import io.clockbound.spi.TimeSource;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes what changes from poll to poll: one line for each change of the status, its reason or the reference, never the same
 * twice in a row. Changes that come too fast are counted, and the last of them is said when there is room again. Where trust
 * is lost or comes back, no number of other changes takes its room.
 */
@Singleton
final class PollLog {

    private static final Logger LOG = LoggerFactory.getLogger(PollLog.class);

    private final TimeSource source;
    private final LocalClock local;
    private final LineBudget trustLines = new LineBudget();
    private final LineBudget otherLines = new LineBudget();

    private State said = new State(ClockStatus.UNKNOWN, "", ReferenceId.NONE);
    private State noted = said;
    private long notedNanos;
    private String notedName = "";
    private String saidName = "";
    private long statusSinceNanos;
    private long lastPollNanos;
    private long voidAfterNanos;
    private boolean isRenewed;
    private long failures;
    private long unsaid;
    private boolean isTrustUnsaid;

    /**
     * What a line says.
     *
     * @param reason empty when the poll found a bound
     * @param reference the last that was followed
     */
    private record State(ClockStatus status, String reason, ReferenceId reference) {}

    @Inject
    PollLog(TimeSource source, LocalClock local) {
        this.source = source;
        this.local = local;
        this.statusSinceNanos = local.monotonicNanos();
    }

    /** Takes note of the outcome of a poll. */
    void note(PollOutcome poll) {
        long nowNanos = local.monotonicNanos();
        logGap(nowNanos); // with the first that comes: a question whose bound is void already is no outcome
        if (poll.result() == Result.PENDING) {
            return; // the outcome follows in a moment
        }
        lastPollNanos = nowNanos;
        voidAfterNanos = poll.bound().voidAfterNanos();
        isRenewed = poll.result() == Result.SYNCHRONIZED;
        logPoll(poll);
        boolean isGood = poll.result() == Result.SYNCHRONIZED;
        // free running is a bound, too, and a disruption is not the source's failure
        failures +=
                isGood || poll.result() == Result.FREE_RUNNING || poll.result().isDisruption() ? 0 : 1;
        ReferenceId followed =
                isGood ? poll.snapshot().map(ClockSnapshot::reference).orElse(noted.reference) : noted.reference;
        State now = new State(poll.bound().status(), isGood ? "" : poll.detail(), followed);
        if (!now.equals(noted)) {
            if (!now.reference.equals(noted.reference)) {
                notedName = source.nameOf(now.reference); // while the time source can tell it
            }
            isTrustUnsaid |= now.status.isTrusted() != noted.status.isTrusted();
            noted = now;
            notedNanos = nowNanos;
            unsaid++;
        }
        if (unsaid > 0 && (isTrustUnsaid ? trustLines : otherLines).take(nowNanos)) {
            log(poll, nowNanos);
        }
    }

    /**
     * Says that the trust ended while nobody polled, which no outcome of a poll tells. Silence, a holdover and a leap second end it
     * between polls that come in time.
     */
    private void logGap(long nowNanos) {
        boolean isGap = isRenewed && nowNanos - lastPollNanos > ClockErrorBound.GRACE_NANOS;
        if (isGap && noted.status.isTrusted() && nowNanos - voidAfterNanos > 0 && trustLines.take(nowNanos)) {
            isRenewed = false; // said once
            LOG.atWarn()
                    .addKeyValue("event", "poll_gap")
                    .addKeyValue("gap_ns", nowNanos - lastPollNanos)
                    .addKeyValue("untrusted_ns", nowNanos - voidAfterNanos)
                    .log(
                            "No poll for {}: this program was stopped, or had no processor time; the clock was not trusted for"
                                    + " the last {} of it",
                            DurationText.of(nowNanos - lastPollNanos),
                            DurationText.of(nowNanos - voidAfterNanos));
        }
    }

    private void log(PollOutcome poll, long nowNanos) {
        ClockStatus now = noted.status;
        boolean isStatusNew = now != said.status;
        boolean isReferenceNew = !noted.reference.equals(said.reference);
        StringBuilder text = new StringBuilder(200);
        LoggingEventBuilder line = LOG.atLevel(level(poll, isStatusNew));
        if (isStatusNew) {
            text.append("Status ")
                    .append(said.status)
                    .append(" -> ")
                    .append(now)
                    .append(meaning(poll));
            line = line.addKeyValue("event", "status_change")
                    .addKeyValue("status_before", said.status.name())
                    .addKeyValue("status_before_ns", notedNanos - statusSinceNanos);
            statusSinceNanos = notedNanos;
        } else {
            text.append("Status ").append(now);
            line = line.addKeyValue(
                    "event", noted.reason.isEmpty() && isReferenceNew ? "reference_change" : "reason_change");
        }
        if (!noted.reason.isEmpty()) {
            text.append(": ").append(noted.reason);
            line = line.addKeyValue("reason", noted.reason);
        } else if (isStatusNew || isReferenceNew) {
            text.append("; ").append(source.peer()).append(" follows ").append(notedName);
            if (isReferenceNew && !said.reference.equals(ReferenceId.NONE)) {
                text.append(", before: ").append(saidName);
            }
        }
        if (noted.reason.isEmpty() && failures > 0) {
            text.append("; polls that failed before: ").append(failures);
            line = line.addKeyValue("failed_polls", failures);
            failures = 0;
        }
        if (nowNanos - notedNanos > 0) { // there was no room when it was new
            text.append("; so it has been for ").append(DurationText.of(nowNanos - notedNanos));
            line = line.addKeyValue("lasted_ns", nowNanos - notedNanos);
        }
        if (unsaid > 1) {
            text.append("; changes left out before: ").append(unsaid - 1);
            line = line.addKeyValue("changes_left_out", unsaid - 1);
        }
        if (now.isTrusted()) {
            line = line.addKeyValue("bound_ns", poll.bound().boundNanos());
        }
        if (!noted.reference.equals(ReferenceId.NONE)) {
            line = line.addKeyValue("reference", notedName);
        }
        line.addKeyValue("status", now.name())
                .addKeyValue("result", poll.result().name())
                .addKeyValue("peer", poll.peer())
                .log(text.toString());
        if (isReferenceNew && noted.reference.equals(ReferenceId.LOCAL)) {
            LOG.warn(Warnings.OWN_CLOCK);
        }
        said = noted;
        saidName = notedName;
        unsaid = 0;
        isTrustUnsaid = false;
    }

    private static String meaning(PollOutcome poll) {
        return switch (poll.bound().status()) {
            case SYNCHRONIZED -> ": error bound " + DurationText.of(poll.bound().boundNanos());
            case FREE_RUNNING -> ": the last error bound keeps growing";
            case UNKNOWN ->
                poll.result() == Result.SYNCHRONIZED
                        ? ": not trusted; " + Why.ofPublished(ClockStatus.UNKNOWN, poll)
                        : ": not trusted";
            case DISRUPTED -> ": not trusted until the time source has measured again";
        };
    }

    private static Level level(PollOutcome poll, boolean isStatusNew) {
        if (poll.result().isDisruption() || poll.result() == Result.FAILED) {
            return Level.ERROR;
        }
        boolean isGood = poll.result() == Result.SYNCHRONIZED
                && (!isStatusNew || poll.bound().status() == ClockStatus.SYNCHRONIZED);
        return isGood ? Level.INFO : Level.WARN;
    }

    private static void logPoll(PollOutcome poll) {
        if (!LOG.isDebugEnabled()) {
            return;
        }
        ClockErrorBound bound = poll.bound();
        LoggingEventBuilder line = LOG.atDebug()
                .addKeyValue("event", "poll")
                .addKeyValue("result", poll.result().name())
                .addKeyValue("reason", poll.detail())
                .addKeyValue("status", bound.status().name());
        String text = "Poll " + poll.result() + ": " + poll.detail() + "; status " + bound.status();
        if (bound.status().isTrusted()) {
            line = line.addKeyValue("as_of_ns", bound.asOfNanos())
                    .addKeyValue("void_after_ns", bound.voidAfterNanos())
                    .addKeyValue("correction_ns", bound.correctionNanos())
                    .addKeyValue("bound_ns", bound.boundNanos())
                    .addKeyValue("max_drift_ppb", bound.maxDriftPpb());
            text += ", error bound " + DurationText.of(bound.boundNanos());
        }
        line.log(text);
    }
}
