/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DatagramBacklogTest {

    private final DatagramBacklog unsent = new DatagramBacklog();

    @Test
    void anEntryThatIsPutBackIsLastAndKeepsItsWaitingTime() {
        DatagramBacklog.Entry first = entry("first");
        DatagramBacklog.Entry second = entry("second");
        unsent.add(first, 100);
        unsent.add(second, 200);
        unsent.putBack(unsent.removeNext());
        assertThat(unsent.sinceNanos()).isEqualTo(100);
        assertThat(unsent.removeNext()).isSameAs(second);
        assertThat(unsent.removeNext()).isSameAs(first);
        unsent.putBack(first);
        assertThat(unsent.sinceNanos()).isEqualTo(100);
    }

    @Test
    void theLatestRequestOfAClientReplacesThePreviousOne() {
        DatagramBacklog.Entry before = entry("client");
        DatagramBacklog.Entry latest = entry("client");
        assertThat(unsent.add(before, 100)).isEmpty();
        assertThat(unsent.add(latest, 200)).containsSame(before);
        assertThat(unsent.removeAll()).containsExactly(latest);
        assertThat(unsent.isEmpty()).isTrue();
    }

    @Test
    void aClientBeyondTheLimitIsNotRetried() {
        for (int i = 0; i < DatagramBacklog.MAX_CLIENTS; i++) {
            assertThat(unsent.add(entry("client " + i), 100)).isEmpty();
        }
        DatagramBacklog.Entry tooMany = entry("one too many");
        assertThat(unsent.add(tooMany, 100)).isEqualTo(Optional.of(tooMany));
    }

    private static DatagramBacklog.Entry entry(String client) {
        return new DatagramBacklog.Entry(client.getBytes(StandardCharsets.UTF_8), Request.NOW);
    }
}
