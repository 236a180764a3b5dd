/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import io.clockbound.LocalClock;
import io.clockbound.SourceList;
import io.clockbound.transport.Transport;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What has happened to the clock, as a JSON object. */
final class HistoryReport {

    /** As many as fit beside the changes. */
    private static final int MAX_PERIODS = 30;

    private static final int MAX_TEXT_LENGTH = 200;

    private HistoryReport() {}

    /**
     * Returns it, at most {@link Transport#MAX_STATUS_BYTES} long: where there are too many minutes they are put together, and the
     * oldest changes are left out.
     */
    static String json(History history, long sinceEpochNanos, LocalClock local, SourceList sources) {
        List<Map<String, Object>> changes = changes(history.changes(), local.monotonicNanos(), sources).stream()
                .filter(change -> change.get("at_epoch_ns") instanceof Long at && at >= sinceEpochNanos)
                .toList();
        List<Map<String, Object>> periods = periods(history.since(sinceEpochNanos));
        for (int leftOut = 0; ; leftOut++) {
            Map<String, Object> report = new LinkedHashMap<>();
            report.put("since_epoch_ns", sinceEpochNanos);
            report.put("periods", periods);
            report.put("changes", changes.subList(leftOut, changes.size()));
            report.put("changes_left_out", leftOut);
            String json = Json.write(report);
            if (leftOut == changes.size()
                    || json.getBytes(StandardCharsets.UTF_8).length <= Transport.MAX_STATUS_BYTES) {
                return json;
            }
        }
    }

    /** Returns the changes, the oldest first, each with how long the state lasted that it began. */
    static List<Map<String, Object>> changes(List<Change> changes, long nowNanos, SourceList sources) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            Change change = changes.get(i);
            long endNanos = changes.subList(i + 1, changes.size()).stream()
                    .filter(change::isEndedBy)
                    .mapToLong(Change::atNanos)
                    .findFirst()
                    .orElse(nowNanos);
            Map<String, Object> members = change.members(endNanos, sources);
            members.computeIfPresent("why", (name, why) -> shortened(String.valueOf(why)));
            all.add(members);
        }
        return all;
    }

    private static List<Map<String, Object>> periods(List<Period> minutes) {
        int each = (minutes.size() + MAX_PERIODS - 1) / MAX_PERIODS;
        List<Map<String, Object>> all = new ArrayList<>();
        for (int i = 0; i < minutes.size(); i += each) {
            all.add(members(Period.of(minutes.subList(i, Math.min(minutes.size(), i + each)))));
        }
        return all;
    }

    private static Map<String, Object> members(Period period) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("from_epoch_ns", period.beganEpochNanos());
        members.put("duration_ns", period.durationNanos());
        members.put("trusted_percent", 100L * period.samples() / Math.max(1, period.polls()));
        if (period.samples() > 0) {
            members.put("min_ns", period.minNanos());
            members.put("median_ns", period.medianNanos());
            members.put("max_ns", period.maxNanos());
        }
        return members;
    }

    private static String shortened(String text) {
        return text.length() <= MAX_TEXT_LENGTH ? text : text.substring(0, MAX_TEXT_LENGTH - 1) + "…";
    }
}
