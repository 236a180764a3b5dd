/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/** The counts of a server, as tests ask for them. */
record ServerCounts(Map<String, Object> counts) {

    static ServerCounts of(TransportServer server) {
        return new ServerCounts(server.counts());
    }

    long requests(RequestType type, RequestResult result) {
        return counts.get("requests") instanceof Map<?, ?> types
                        && types.get(type.name().toLowerCase(Locale.ROOT)) instanceof Map<?, ?> results
                        && results.get(result.name().toLowerCase(Locale.ROOT)) instanceof Long count
                ? count
                : 0;
    }

    long requests(RequestResult result) {
        return Arrays.stream(RequestType.values())
                .mapToLong(type -> requests(type, result))
                .sum();
    }

    long renewals() {
        return event("renewals");
    }

    long turnedAway() {
        return event("turned_away");
    }

    private long event(String name) {
        return counts.get(name) instanceof Long count ? count : 0;
    }
}
