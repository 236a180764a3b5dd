/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.metrics;

import io.clockbound.transport.TransportServer;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the servers of the transports have counted, as metric families. */
final class ServerFamilies {

    private ServerFamilies() {}

    static void add(List<MetricSnapshot> all, Map<String, TransportServer> servers) {
        CounterSnapshot.Builder requests =
                CounterSnapshot.builder().name("clockbound_requests").help("Requests by transport, type and result.");
        Map<String, Double> refused = new LinkedHashMap<>();
        Map<String, Double> renewals = new LinkedHashMap<>();
        servers.forEach((transport, server) -> {
            Map<String, Object> counts = server.counts();
            if (counts.get("requests") instanceof Map<?, ?> types) {
                types.forEach((type, results) -> {
                    if (results instanceof Map<?, ?> byResult) {
                        byResult.forEach((result, count) -> requests.dataPoint(Families.point(
                                ((Number) count).doubleValue(),
                                Labels.of(
                                        "transport", transport,
                                        "type", String.valueOf(type),
                                        "result", String.valueOf(result)))));
                    }
                });
            }
            if (counts.get("turned_away") instanceof Number count) {
                refused.put(transport, count.doubleValue());
            }
            if (counts.get("renewals") instanceof Number count) {
                renewals.put(transport, count.doubleValue());
            }
        });
        all.add(requests.build());
        all.add(Families.counters(
                "clockbound_connections_refused_total",
                "Connections closed because there were too many.",
                "transport",
                refused));
        all.add(Families.counters(
                "clockbound_socket_renewals_total",
                "Sockets replaced because nothing could be sent through them any more.",
                "transport",
                renewals));
    }
}
