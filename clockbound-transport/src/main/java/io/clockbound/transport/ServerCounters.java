/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** The counters of a server: its requests by type and result, and one event of its own. Thread-safe. */
final class ServerCounters {

    private final Map<RequestType, Map<RequestResult, LongAdder>> requests = new EnumMap<>(RequestType.class);
    private final String event;
    private final LongAdder events = new LongAdder();

    /**
     * Creates counters that are all 0.
     *
     * @param event the name of the event
     */
    ServerCounters(String event) {
        this.event = event;
        for (RequestType type : RequestType.values()) {
            Map<RequestResult, LongAdder> results = new EnumMap<>(RequestResult.class);
            for (RequestResult result : RequestResult.values()) {
                results.put(result, new LongAdder());
            }
            requests.put(type, results);
        }
    }

    void count(RequestType type, RequestResult result) {
        Objects.requireNonNull(Objects.requireNonNull(requests.get(type)).get(result))
                .increment();
    }

    void countEvent() {
        events.increment();
    }

    /** Returns the counts as the members of a JSON object; types and results that did not occur are left out. */
    Map<String, Object> read() {
        Map<String, Object> types = new LinkedHashMap<>();
        requests.forEach((type, results) -> {
            Map<String, Object> occurred = new LinkedHashMap<>();
            results.forEach((result, count) -> {
                if (count.sum() > 0) {
                    occurred.put(result.name().toLowerCase(Locale.ROOT), count.sum());
                }
            });
            if (!occurred.isEmpty()) {
                types.put(type.name().toLowerCase(Locale.ROOT), occurred);
            }
        });
        return Map.of(event, events.sum(), "requests", types);
    }
}
