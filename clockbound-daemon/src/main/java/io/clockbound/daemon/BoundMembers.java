/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import io.clockbound.BoundedInstant;
import io.clockbound.ClockErrorBound;
import io.clockbound.LocalClock;
import io.clockbound.PollOutcome;
import io.clockbound.SourceList;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.Measurement;
import io.clockbound.spi.ReferenceId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A bound and what it rests on, as members of a JSON object. */
final class BoundMembers {

    private BoundMembers() {}

    /** Returns the ends of a reading that is trusted. */
    static Map<String, Object> interval(BoundedInstant now) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("earliest_epoch_ns", now.earliestNanos());
        fields.put("latest_epoch_ns", now.latestNanos());
        return fields;
    }

    /**
     * Returns the bound and what it is made of.
     *
     * @param good the last poll that produced one
     * @param trustEndNanos monotonic time after which there is no trust unless a poll is synchronised before
     * @param local is read for the wall clock first, so that no end is told that is later than the real one
     */
    static Map<String, Object> bound(
            ClockErrorBound bound, @Nullable PollOutcome good, long trustEndNanos, LocalClock local) {
        long epochNanos = local.epochNanos();
        long nowNanos = local.monotonicNanos();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("now_ns", bound.boundNanosAt(nowNanos));
        fields.put("symmetric_now_ns", bound.boundNanosAt(nowNanos) + Math.abs(bound.correctionNanos()));
        fields.put("correction_ns", bound.correctionNanos());
        if (good != null) {
            good.terms().ifPresent(terms -> fields.put("terms", terms(terms.byNameAt(bound, nowNanos))));
        }
        fields.put("max_drift_ppb", bound.maxDriftPpb());
        fields.put("void_in_ns", Math.max(0, bound.voidAfterNanos() - nowNanos));
        fields.put("trust_ends_in_ns", Math.max(0, trustEndNanos - nowNanos));
        fields.put("trust_ends_epoch_ns", epochNanos + Math.max(0, trustEndNanos - nowNanos));
        return fields;
    }

    private static Map<String, Object> terms(Map<String, Long> named) {
        Map<String, Object> fields = new LinkedHashMap<>();
        named.forEach((name, nanos) -> fields.put(name + "_ns", nanos));
        return fields;
    }

    /** Returns what the time source replied to that poll. */
    static Map<String, Object> reply(PollOutcome poll, ClockSnapshot snapshot, SourceList sources, long nowNanos) {
        ReferenceId reference = snapshot.reference();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("age_ns", nowNanos - poll.bound().asOfNanos());
        fields.put("reference_id", String.format("%08X", reference.code()));
        fields.put("reference_name", sources.nameOf(reference));
        fields.put("leap", snapshot.leap().name());
        if (snapshot.basis() instanceof Measurement measurement) {
            fields.put("measured_offset_ns", measurement.offsetNanos());
            fields.put("measurement_error_ns", measurement.errorNanos());
            fields.put("measurement_age_ns", measurement.ageNanos());
            fields.put("measurement_interval_ns", measurement.pollIntervalNanos());
        }
        fields.put("correction_ns", snapshot.correctionNanos());
        fields.put("last_offset_ns", snapshot.lastOffsetNanos());
        fields.put("root_delay_ns", snapshot.rootDelayNanos());
        fields.put("root_dispersion_ns", snapshot.rootDispersionNanos());
        fields.put("frequency_ppb", snapshot.frequencyPpb());
        fields.put("residual_frequency_ppb", snapshot.residualFrequencyPpb());
        fields.put("skew_ppb", snapshot.skewPpb());
        return fields;
    }
}
