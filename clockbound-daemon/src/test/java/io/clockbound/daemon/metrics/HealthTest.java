/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** Whether the daemon says that it can be relied on. */
class HealthTest extends ServedMetrics {

    @Test
    void aLongQueryIsNotSentBack() throws Exception {
        HttpResponse<String> response = get("/readyz?max-bound=" + "9".repeat(8_000) + "h");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("8011 characters").hasSizeLessThan(200);
    }

    @Test
    void readinessMayDependOnTheWidthOfTheBound() throws Exception {
        tracker.poll();
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
        assertThat(get("/readyz?max-bound=1s").body()).startsWith("SYNCHRONIZED: error bound ");
        assertThat(get("/readyz?max-bound=1ns").statusCode()).isEqualTo(503);
        assertThat(get("/readyz?max-bound=1ns").body()).contains("is wider than 1 ns");
        assertThat(get("/readyz?max-bound=2562048h").statusCode()).isEqualTo(400);
        assertThat(get("/readyz?max-bound=2562048h").body()).contains("'2562048h'", "at most 2562047h");
        assertThat(get("/readyz?max-bound=1").statusCode()).isEqualTo(400);
        assertThat(get("/readyz?max-bound=1").body()).contains("'1'", "a number and a unit", "/readyz?max-bound=1ms");
        assertThat(get("/readyz?maxbound=1ms").statusCode()).isEqualTo(400);
    }
}
