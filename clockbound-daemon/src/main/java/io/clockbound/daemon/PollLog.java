/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import io.clockbound.ClockStatus;
import io.clockbound.PollOutcome;
import io.clockbound.daemon.config.DurationText;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.ReferenceId;
import io.clockbound.spi.TimeSource;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what changes from poll to poll: never the same thing twice in a row. */
@Singleton
final class PollLog {

    private static final Logger LOG = LoggerFactory.getLogger(PollLog.class);

    private final TimeSource source;

    private ClockStatus status = ClockStatus.UNKNOWN;
    private ReferenceId reference = ReferenceId.NONE;
    private String failure = "";
    private String fault = "";
    private long failures;

    @Inject
    PollLog(TimeSource source) {
        this.source = source;
    }

    /** Takes note of the outcome of a poll. */
    void note(PollOutcome poll) {
        switch (poll.result()) {
            case PENDING -> {
                return; // the outcome follows in a moment
            }
            case SYNCHRONIZED -> poll.snapshot().ifPresent(this::logSuccess);
            case FREE_RUNNING, UNSYNCHRONIZED, NO_ANSWER, REFERENCE_ERROR_UNKNOWN -> logFailure(poll.detail());
            case STEPPED, DISRUPTED -> LOG.error("Clock disrupted: {}", poll.detail());
            case DISRUPTION_FORCED -> logForced(poll.detail());
            case FAILED -> logFault(poll.detail());
        }
        LOG.debug("{}: {}; published {}", poll.result(), poll.detail(), poll.bound());
        logStatus(poll);
    }

    private void logSuccess(ClockSnapshot snapshot) {
        if (failures > 0) {
            LOG.info("Time source recovered; failed polls: {}", failures);
        }
        failures = 0;
        failure = "";
        fault = "";
        if (snapshot.reference().equals(reference)) {
            return;
        }
        reference = snapshot.reference();
        LOG.info("{} follows {}", source.peer(), reference);
        if (reference.equals(ReferenceId.LOCAL)) {
            LOG.warn("chronyd follows nothing but its own clock; the interval contains that clock's time");
        }
    }

    /** Every poll finds it until it ends. */
    private void logForced(String detail) {
        if (!detail.equals(fault)) {
            fault = detail;
            LOG.error("Clock disrupted: {}", detail);
        }
    }

    private void logFault(String detail) {
        failures++;
        if (!detail.equals(fault)) {
            fault = detail;
            LOG.error("No bound: {}", detail);
        }
    }

    private void logFailure(String detail) {
        failures++;
        if (!detail.equals(failure)) {
            failure = detail;
            LOG.warn("Time source: {}", detail);
        }
    }

    private void logStatus(PollOutcome poll) {
        ClockStatus now = poll.bound().status();
        if (now == status) {
            return;
        }
        String change = status + " -> " + now;
        status = now;
        switch (now) {
            case SYNCHRONIZED ->
                LOG.info(
                        "Status {}: error bound {}",
                        change,
                        DurationText.of(poll.bound().boundNanos()));
            case FREE_RUNNING -> LOG.warn("Status {}: the last error bound keeps growing", change);
            case UNKNOWN -> LOG.warn("Status {}: not synchronised", change);
            case DISRUPTED -> LOG.error("Status {}: not synchronised until the source has measured again", change);
        }
    }
}
