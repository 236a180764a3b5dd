/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** The growing numbers of a server, written by its threads and read by any. */
final class ServerCounters {

    private final Map<RequestType, Map<RequestResult, LongAdder>> requests = new EnumMap<>(RequestType.class);
    private final LongAdder renewals = new LongAdder();
    private final LongAdder turnedAway = new LongAdder();

    ServerCounters() {
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

    void countRenewal() {
        renewals.increment();
    }

    void countTurnedAway() {
        turnedAway.increment();
    }

    ServerCounts read() {
        Map<RequestType, Map<RequestResult, Long>> counts = new EnumMap<>(RequestType.class);
        requests.forEach((type, results) -> {
            Map<RequestResult, Long> row = new EnumMap<>(RequestResult.class);
            results.forEach((result, total) -> row.put(result, total.sum()));
            counts.put(type, Map.copyOf(row));
        });
        return new ServerCounts(counts, renewals.sum(), turnedAway.sum());
    }
}
