/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.LocalClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Asks a daemon for one of its reports, over the first of its sockets that responds. */
final class ReportLink {

    private ReportLink() {}

    /**
     * Returns the report, a JSON object.
     *
     * @param deadline the time limit for a response on each socket
     * @throws IOException when the daemon does not report; the message has the remedy
     */
    static String ask(Request request, Path runDirectory, Duration deadline) throws IOException {
        LocalClock local = LocalClock.system();
        String asked = request.type().name().toLowerCase(Locale.ROOT);
        Map<String, String> endpointsByReason = new LinkedHashMap<>(); // what is the same for both is said once
        for (SocketEndpoint endpoint :
                List.of(ClockBoundClients.streamIn(runDirectory), ClockBoundClients.datagramIn(runDirectory))) {
            try (SocketLink link = endpoint.open(local)) {
                Response response = link.ask(request, local.monotonicNanos() + deadline.toNanos());
                if (response instanceof Response.Report report && report.type() == request.type()) {
                    return report.json();
                }
                note(endpointsByReason, "this daemon does not report its " + asked, endpoint);
            } catch (IOException e) {
                note(endpointsByReason, endpoint.meaning(e), endpoint);
            }
        }
        throw new IOException("no daemon reports its " + asked + ": "
                + endpointsByReason.entrySet().stream()
                        .map(reason -> reason.getValue() + ": " + reason.getKey())
                        .collect(Collectors.joining("; ")));
    }

    private static void note(Map<String, String> endpointsByReason, String reason, SocketEndpoint endpoint) {
        endpointsByReason.merge(reason, endpoint.toString(), (before, other) -> before + " and " + other);
    }
}
