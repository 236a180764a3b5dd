/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.clockbound.PollOutcome.Result;
import io.clockbound.testing.FakeTimeSource;
import io.clockbound.testing.SimulatedClock;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a flight recording gets, and what a program without one does not pay for. */
@Timeout(120)
class FlightRecordingTest {

    @TempDir
    private Path directory;

    @Test
    void pollsStatusChangesAndStepsAreRecorded() throws Exception {
        SimulatedClock clock = new SimulatedClock(Instant.parse("2026-03-01T12:00:00Z"));
        LinkedBlockingQueue<Result> polls = new LinkedBlockingQueue<>();
        FakeTimeSource source = new FakeTimeSource();
        BoundSettings seldom = BoundSettings.DEFAULTS.withPollInterval(Duration.ofSeconds(60));
        Path file = directory.resolve("polls.jfr");
        try (Recording recording = new Recording()) {
            recording.start();
            try (EmbeddedClock embedded = new EmbeddedClock(
                    clock, source, List.of(), seldom, poll -> polls.add(poll.result()), Optional.empty())) {
                embedded.start();
                while (polls.take() != Result.SYNCHRONIZED) {}
                clock.stepWall(Duration.ofSeconds(1));
                embedded.pollNow();
                while (polls.take() != Result.STEPPED) {}
            }
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        assertThat(named(events, "io.clockbound.Poll"))
                .anySatisfy(poll -> {
                    assertThat(poll.getString("result")).isEqualTo("SYNCHRONIZED");
                    assertThat(poll.getString("peer")).isEqualTo("fake");
                    assertThat(poll.getString("status")).isEqualTo("SYNCHRONIZED");
                    assertThat(poll.getDuration("halfWidth")).isPositive();
                    assertThat(poll.getDuration()).isPositive();
                })
                .anySatisfy(poll -> {
                    assertThat(poll.getString("status")).isEqualTo("DISRUPTED");
                    assertThat(poll.getLong("halfWidth"))
                            .as("without trust there is no bound")
                            .isEqualTo(Long.MIN_VALUE);
                });
        assertThat(named(events, "io.clockbound.StatusChange"))
                .extracting(change -> change.getString("was"), change -> change.getString("is"))
                .startsWith(tuple("UNKNOWN", "SYNCHRONIZED"), tuple("SYNCHRONIZED", "DISRUPTED"));
        assertThat(named(events, "io.clockbound.Step"))
                .singleElement()
                .satisfies(step -> assertThat(step.getString("detail")).contains("stepped by PT1S"));
    }

    @Test
    void noClassOfAnEventIsLoadedWithoutARecording() throws Exception {
        assertThat(run("-Xlog:class+load"))
                .contains("io.clockbound.EmbeddedClock ")
                .contains("SYNCHRONIZED by fake")
                .doesNotContain("jdk.jfr.Event")
                .doesNotContainPattern("io\\.clockbound\\.(Poll|StatusChange|Step)Event ");
    }

    @Test
    void theClassesOfTheEventsAreLoadedWithARecording() throws Exception {
        assertThat(run("-Xlog:class+load", "-XX:StartFlightRecording:filename=" + directory.resolve("all.jfr")))
                .contains("io.clockbound.PollEvent ", "io.clockbound.StatusChangeEvent ");
    }

    @Test
    void aRuntimeWithoutTheFlightRecorderPollsAsWell() throws Exception {
        assertThat(run("--limit-modules=java.base")).contains("SYNCHRONIZED by fake");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PollEvent", "StatusChangeEvent"})
    void anEventThatCannotBeNotedKeepsNoStateFromBeingPublished(String event) throws Exception {
        Path broken = directory.resolve("broken/io/clockbound/" + event + ".class");
        Files.createDirectories(broken.getParent());
        Files.writeString(broken, "no class");
        assertThat(runFirst(
                        directory.resolve("broken") + ":",
                        "-XX:StartFlightRecording:filename=" + directory.resolve("broken.jfr")))
                .contains("SYNCHRONIZED by fake");
    }

    private static List<RecordedEvent> named(List<RecordedEvent> events, String name) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals(name))
                .toList();
    }

    /** Runs a program that polls, and returns all that it and the JVM print. */
    private static String run(String... options) throws IOException, InterruptedException, URISyntaxException {
        return runFirst("", options);
    }

    private static String runFirst(String classPathBefore, String... options)
            throws IOException, InterruptedException, URISyntaxException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of(options));
        line.addAll(List.of(
                "-cp",
                classPathBefore + place(EmbeddedClock.class) + ":" + place(Program.class),
                Program.class.getName()));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed;
    }

    private static Path place(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** Polls a few times. */
    static final class Program {

        private Program() {}

        public static void main(String[] words) throws InterruptedException {
            LinkedBlockingQueue<PollOutcome> polls = new LinkedBlockingQueue<>();
            try (EmbeddedClock clock =
                    BoundedClock.embedded(new FakeTimeSource(), BoundSettings.DEFAULTS, polls::add)) {
                for (int i = 0; i < 4; i++) {
                    polls.take();
                }
                System.out.println(clock.now().status() + " by " + clock.description());
            }
        }
    }
}
