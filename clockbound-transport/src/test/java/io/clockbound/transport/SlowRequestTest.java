/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.BoundedClock;
import io.clockbound.LocalClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SlowRequestTest {

    @TempDir
    private Path directory;

    @Test
    void aFlightRecordingGetsTheReadingsThatTookLongAndWhyTheyFailed() throws Exception {
        Path file = directory.resolve("requests.jfr");
        SocketEndpoint endpoint = new SocketEndpoint(SocketEndpoint.Kind.STREAM, directory.resolve("socket"));
        try (ScriptedServer server = ScriptedServer.at(endpoint);
                Recording recording = new Recording()) {
            recording.start();
            CompletableFuture<Void> answered = CompletableFuture.runAsync(() -> answer(server, "01000000"));
            try (BoundedClock clock =
                    SocketClock.open(endpoint, endpoint.toString(), Duration.ofMillis(50), LocalClock.system())) {
                answered.join();
                assertThat(clock.read().status().isTrusted()).isFalse(); // nobody answers any more
            }
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals("io.clockbound.SlowRequest"))
                .toList();
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.getString("socket")).isEqualTo(endpoint.toString());
            assertThat(event.getString("failure")).contains("no response in time");
            assertThat(event.getDuration()).isGreaterThan(Duration.ofMillis(40));
        });
    }

    private static void answer(ScriptedServer server, String hex) {
        try {
            server.next().answer(hex);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
