/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import io.clockbound.SourceList;
import io.clockbound.spi.SourceState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The sources of the time source, as members of a JSON object. */
final class SourceMembers {

    /** So that a pool does not push everything else out of the report. */
    static final int MAX_LISTED = 12;

    private SourceMembers() {}

    /**
     * Returns the members.
     *
     * @param nowNanos monotonic time
     * @param driftPpb how fast the error of a measurement grows
     */
    static Map<String, Object> of(SourceList sources, long nowNanos, int driftPpb) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("known", sources.sources().size());
        members.put("heard", sources.heard());
        members.put("age_ns", nowNanos - sources.askedNanos());
        List<Map<String, Object>> listed = new ArrayList<>();
        sources.sources().stream()
                .limit(MAX_LISTED)
                .forEach(source -> listed.add(members(source, sources.correctionNanos(), driftPpb)));
        members.put("list", listed);
        return members;
    }

    private static Map<String, Object> members(SourceState source, long correctionNanos, int driftPpb) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("name", source.name());
        members.put("role", source.role().name().toLowerCase(Locale.ROOT));
        members.put("stratum", source.stratum());
        members.put("answered", Integer.bitCount(source.reach() & 0xFF));
        source.measurement().ifPresent(measured -> {
            members.put("measured_ns", measured.ageNanos());
            members.put("every_ns", measured.pollIntervalNanos());
            // the wall clock plus the correction is the estimate, and the estimate minus the offset what was measured
            members.put("offset_ns", correctionNanos - measured.offsetNanos());
            members.put("error_ns", measured.errorNanos() + grown(measured.ageNanos(), driftPpb));
        });
        return members;
    }

    private static long grown(long ageNanos, int driftPpb) {
        return (ageNanos / 1_000_000_000 + 1) * driftPpb;
    }
}
