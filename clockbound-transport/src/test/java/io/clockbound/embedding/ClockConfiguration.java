/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.embedding;

import io.clockbound.BoundedClock;
import io.clockbound.transport.ClockBoundClients;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A clock of the daemon on this host, its meters and its health. */
@Configuration
public class ClockConfiguration {

    @Bean(destroyMethod = "close")
    BoundedClock clock(
            @Value("${clockbound.run-dir:/run/clockboundd}") Path sockets,
            @Value("${clockbound.shm-dir:/run/clockbound}") Path segments)
            throws IOException, InterruptedException {
        return ClockBoundClients.connectWithin(Duration.ofSeconds(30), sockets, segments);
    }

    @Bean
    ClockMeters clockMeters(BoundedClock clock) {
        return new ClockMeters(clock);
    }

    @Bean
    ClockHealth clockHealthIndicator(BoundedClock clock) {
        return new ClockHealth(clock);
    }
}
