/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.LocalClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

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
        List<String> reasons = new ArrayList<>();
        for (SocketEndpoint endpoint :
                List.of(ClockBoundClients.streamIn(runDirectory), ClockBoundClients.datagramIn(runDirectory))) {
            try (SocketLink link = endpoint.open(local)) {
                Response response = link.ask(request, local.monotonicNanos() + deadline.toNanos());
                if (response instanceof Response.Report report && report.type() == request.type()) {
                    return report.json();
                }
                reasons.add(endpoint + ": this daemon does not report its "
                        + request.type().name().toLowerCase(Locale.ROOT));
            } catch (IOException e) {
                reasons.add(endpoint.explain(e).getMessage());
            }
        }
        throw new IOException("no daemon answers: " + String.join("; ", reasons));
    }
}
