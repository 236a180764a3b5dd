/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.util.Map;

/**
 * What a server has done since it began. No number ever becomes smaller.
 *
 * @param requests how many requests of each type had each result; every pair is present
 * @param renewals how often a socket was replaced, because nothing could be sent through it any more
 * @param turnedAway how many connections were closed because there were too many
 */
public record ServerCounts(Map<RequestType, Map<RequestResult, Long>> requests, long renewals, long turnedAway) {

    /** Copies the map. */
    public ServerCounts {
        requests = Map.copyOf(requests);
    }

    /** Returns how many requests of this type had this result. */
    public long requests(RequestType type, RequestResult result) {
        return requests.getOrDefault(type, Map.of()).getOrDefault(result, 0L);
    }

    /** Returns how many requests of all types had this result. */
    public long requests(RequestResult result) {
        long total = 0;
        for (RequestType type : RequestType.values()) {
            total += requests(type, result);
        }
        return total;
    }
}
