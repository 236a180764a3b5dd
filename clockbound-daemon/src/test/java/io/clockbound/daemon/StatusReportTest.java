/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clockbound.BoundSettings;
import io.clockbound.BoundSettings.ClockDiscipline;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import io.clockbound.ErrorBoundTracker;
import io.clockbound.PollOutcome;
import io.clockbound.SourceList;
import io.clockbound.daemon.config.Version;
import io.clockbound.spi.LeapStatus;
import io.clockbound.spi.Measurement;
import io.clockbound.spi.ReferenceId;
import io.clockbound.spi.SourceState;
import io.clockbound.testing.FakeTimeSource;
import io.clockbound.testing.SimulatedClock;
import io.clockbound.transport.Transport;
import io.clockbound.transport.TransportServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class StatusReportTest {

    private final SimulatedClock clock = new SimulatedClock(Instant.parse("2026-06-01T00:00:00Z"));
    private final FakeTimeSource source = new FakeTimeSource();
    private final Warnings warnings = new Warnings(List.of());
    private final Servers servers = new Servers(clock, warnings);
    private final History history = new History(clock);
    private final StatusReport report =
            new StatusReport(BoundSettings.DEFAULTS, source, clock, servers, history, warnings);
    private final ErrorBoundTracker tracker =
            new ErrorBoundTracker(clock, source, List.of(), BoundSettings.DEFAULTS, this::note);
    private SourceList sources = new SourceList(List.of(), 0, 0);
    private String duringPoll = "";

    private void note(PollOutcome poll) {
        history.note(poll);
        report.note(poll);
    }

    @Test
    void beforeTheFirstPollItSaysWhoItIsAndThatNothingIsKnown() throws IOException {
        clock.advance(Duration.ofSeconds(3));
        JsonNode status = read();
        assertThat(status.path("version").asText()).isEqualTo(Version.number());
        assertThat(status.path("pid").asLong())
                .isEqualTo(ProcessHandle.current().pid());
        assertThat(status.path("uptime_ns").asLong()).isEqualTo(3_000_000_000L);
        assertThat(status.path("status").asText()).isEqualTo("UNKNOWN");
        assertThat(status.path("is_trusted").asBoolean()).isFalse();
        assertThat(status.path("last_poll").path("result").asText()).isEqualTo("PENDING");
        assertThat(status.has("interval")).isFalse();
        assertThat(status.has("bound")).isFalse();
        assertThat(status.path("settings"))
                .isEqualTo(new ObjectMapper()
                        .readTree("{\"max_clock_error_ppb\":15000,\"poll_interval_ns\":100000000,"
                                + "\"holdover_ns\":1000000000000,\"is_local_reference_allowed\":false,"
                                + "\"is_estimate_allowed\":false,\"is_vmclock_watched\":false,\"clock\":\"auto\"}"));
    }

    @Test
    void theBoundIsThatOfTheClockAndItsPartsAreWhatTheSourceSaid() throws IOException {
        tracker.poll();
        clock.advance(Duration.ofSeconds(2));
        JsonNode status = read();
        assertThat(status.path("status").asText()).isEqualTo("SYNCHRONIZED");
        JsonNode bound = status.path("bound");
        assertThat(bound.path("now_ns").asLong())
                .isEqualTo(tracker.current().boundNanosAt(clock.monotonicNanos()))
                .isEqualTo(sum(bound.path("terms")));
        assertThat(bound.path("terms").path("growth_ns").asLong()).isPositive();
        assertThat(bound.path("terms").has("reference_ns")).isFalse();
        assertThat(bound.path("max_drift_ppb").asInt())
                .isEqualTo(tracker.current().maxDriftPpb());
        assertThat(bound.path("void_in_ns").asLong()).isEqualTo(3_100_000_000L);
        JsonNode interval = status.path("interval");
        assertThat(interval.path("earliest_epoch_ns").asLong()).isLessThan(clock.trueNanos());
        assertThat(interval.path("latest_epoch_ns").asLong()).isGreaterThan(clock.trueNanos());
        JsonNode reply = status.path("last_reply");
        assertThat(reply.path("age_ns").asLong()).isEqualTo(2_000_000_000L);
        assertThat(reply.path("reference_id").asText()).isEqualTo("C0000201");
        assertThat(reply.path("leap").asText()).isEqualTo("NORMAL");
        assertThat(reply.path("root_delay_ns").asLong()).isEqualTo(20_000);
        assertThat(reply.path("root_dispersion_ns").asLong()).isEqualTo(10_000);
        Measurement measurement = (Measurement) source.snapshot().basis();
        assertThat(reply.path("measured_offset_ns").asLong(-1)).isEqualTo(measurement.offsetNanos());
        assertThat(reply.path("measurement_error_ns").asLong()).isEqualTo(measurement.errorNanos());
        assertThat(reply.path("measurement_age_ns").asLong()).isEqualTo(measurement.ageNanos());
        assertThat(reply.path("measurement_interval_ns").asLong()).isEqualTo(measurement.pollIntervalNanos());
        assertThat(bound.path("symmetric_now_ns").asLong())
                .isEqualTo(bound.path("now_ns").asLong()
                        + Math.abs(bound.path("correction_ns").asLong()));
        assertThat(status.path("source").path("peer").asText()).isEqualTo(source.peer());
    }

    @Test
    void aClockThatIsNotRenewedTellsWhenItsTrustEnds() throws IOException {
        tracker.poll();
        long beganNanos = clock.monotonicNanos();
        source.fail("it is gone");
        clock.advance(Duration.ofSeconds(2));
        tracker.poll();
        JsonNode status = read();
        assertThat(status.path("status").asText()).isEqualTo("FREE_RUNNING");
        JsonNode bound = status.path("bound");
        assertThat(bound.path("trust_ends_in_ns").asLong())
                .isEqualTo(bound.path("void_in_ns").asLong())
                .isEqualTo(beganNanos + 5_000_000_000L - clock.monotonicNanos());
        assertThat(bound.path("trust_ends_epoch_ns").asLong()).isEqualTo(clock.epochNanos() + 3_000_000_000L);
    }

    /** Each poll renews the bound by 5 s, but only until the holdover ends. */
    @Test
    void aClockWhoseSourceRunsFreeIsTrustedUntilTheHoldoverEnds() throws IOException {
        tracker.poll();
        long synchronizedNanos = clock.monotonicNanos();
        source.unheard("no source answers any more");
        clock.advance(Duration.ofSeconds(1));
        tracker.poll();
        assertThat(read().path("last_poll").path("result").asText()).isEqualTo("FREE_RUNNING");
        clock.advance(Duration.ofMillis(500));
        JsonNode bound = read().path("bound");
        assertThat(bound.path("void_in_ns").asLong()).isLessThan(6_000_000_000L);
        long leftNanos = bound.path("trust_ends_in_ns").asLong();
        assertThat(leftNanos).isEqualTo(synchronizedNanos + 1_000_000_000_000L - clock.monotonicNanos());
        long endNanos = clock.monotonicNanos() + leftNanos;
        while (endNanos - clock.monotonicNanos() > 1_000_000_000) {
            clock.advance(Duration.ofSeconds(1));
            tracker.poll();
        }
        clock.advance(Duration.ofNanos(endNanos - clock.monotonicNanos()));
        assertThat(read().path("is_trusted").asBoolean()).isTrue();
        clock.advance(Duration.ofNanos(1));
        assertThat(read().path("is_trusted").asBoolean()).isFalse();
    }

    /** Not even until the next poll sees what the reading has seen. */
    @Test
    void aReadingThatIsNotTrustedLeavesNoBoundWhateverTheLastPollFound() throws IOException {
        tracker.poll();
        JsonNode status = new ObjectMapper()
                .readTree(report.json(bound -> BoundedInstant.unbounded(ClockStatus.DISRUPTED), sources));
        assertThat(status.path("status").asText()).isEqualTo("DISRUPTED");
        assertThat(status.has("bound")).isFalse();
        assertThat(status.has("interval")).isFalse();
    }

    @Test
    void withoutTrustThereIsNoBoundButTheReasonAndTheLastGoodReply() throws IOException {
        tracker.poll();
        source.update().leap(LeapStatus.UNSYNCHRONIZED);
        clock.advance(Duration.ofSeconds(1));
        tracker.poll();
        JsonNode status = read();
        assertThat(status.path("status").asText()).isEqualTo("UNKNOWN");
        assertThat(status.has("bound")).isFalse();
        assertThat(status.has("interval")).isFalse();
        assertThat(status.path("last_poll").path("result").asText()).isEqualTo("UNSYNCHRONIZED");
        assertThat(status.path("last_poll").path("detail").asText()).contains("it has no reference");
        assertThat(status.path("last_reply").path("age_ns").asLong()).isEqualTo(1_000_000_000L);
    }

    @Test
    void whileAQuestionIsAskedTheOutcomeOfTheLastOneStands() throws IOException {
        source.duringPoll(() -> duringPoll = report.json(bound -> bound.read(clock), sources));
        tracker.poll();
        assertThat(new ObjectMapper()
                        .readTree(duringPoll)
                        .path("last_poll")
                        .path("result")
                        .asText())
                .isEqualTo("PENDING");
        clock.advance(Duration.ofSeconds(1));
        tracker.poll();
        JsonNode status = new ObjectMapper().readTree(duringPoll);
        assertThat(status.path("last_poll").path("result").asText()).isEqualTo("SYNCHRONIZED");
        assertThat(status.path("last_reply").path("age_ns").asLong()).isEqualTo(1_000_000_000L);
    }

    @Test
    void aStepSinceThePollIsSeen() throws IOException {
        tracker.poll();
        clock.stepWall(Duration.ofSeconds(1));
        assertThat(read().path("status").asText()).isEqualTo("DISRUPTED");
    }

    @Test
    void aReferenceClockWhoseErrorNobodyTellsIsTheReasonWhyNothingIsTrusted() throws IOException {
        source.reference(ReferenceId.ofClock("PHC0"));
        tracker.poll();
        JsonNode status = read();
        assertThat(status.path("is_trusted").asBoolean()).isFalse();
        assertThat(status.path("last_poll").path("detail").asText()).contains("reference-error PHC0=TIME");
        assertThat(status.has("last_reply")).isFalse();
    }

    @Test
    void aClockThatIsItsOwnReferenceIsWarnedOfWhileItIs() throws IOException {
        BoundSettings settings = BoundSettings.DEFAULTS.withLocalReference(true);
        StatusReport other = new StatusReport(settings, source, clock, servers, history, warnings);
        ErrorBoundTracker trusting = new ErrorBoundTracker(clock, source, List.of(), settings, other::note);
        source.reference(ReferenceId.LOCAL);
        trusting.poll();
        JsonNode status = read(other);
        assertThat(status.path("is_trusted").asBoolean()).isTrue();
        assertThat(status.path("warnings").path(0).asText())
                .isEqualTo("chronyd follows nothing but its own clock; the interval contains that clock's time");
        source.reference(new ReferenceId(0xC0000202, true)).update();
        clock.advance(Duration.ofMillis(100));
        trusting.poll();
        assertThat(read(other).path("warnings")).isEmpty();
    }

    @Test
    void anEstimateThatIsTrustedIsWarnedOfWhileItIs() throws IOException {
        BoundSettings settings = BoundSettings.DEFAULTS.withEstimate(true);
        StatusReport other = new StatusReport(settings, source, clock, servers, history, warnings);
        ErrorBoundTracker trusting = new ErrorBoundTracker(clock, source, List.of(), settings, other::note);
        trusting.poll();
        assertThat(read(other).path("warnings")).isEmpty();
        source.estimateOnly("'opencommands' has to list sources");
        clock.advance(Duration.ofMillis(100));
        trusting.poll();
        JsonNode status = read(other);
        assertThat(status.path("status").asText()).isEqualTo("SYNCHRONIZED");
        assertThat(status.path("settings").path("is_estimate_allowed").asBoolean())
                .isTrue();
        assertThat(status.path("warnings").path(0).asText())
                .isEqualTo("the bound rests on an estimate, which holds only while the oscillator's frequency and the"
                        + " source's references stay as they are: 'opencommands' has to list sources");
        assertThat(status.path("last_reply").has("measured_offset_ns")).isFalse();
    }

    @Test
    void everySourceHasItsOwnIntervalAroundTheWallClock() throws IOException {
        source.correction(5_000);
        tracker.poll();
        sources = sourcesOf(source.snapshot().reference());
        JsonNode status = read();
        assertThat(status.path("source").path("follows").asText()).isEqualTo("192.0.2.1");
        assertThat(status.path("source").path("stratum").asInt()).isEqualTo(3);
        assertThat(status.path("last_reply").path("reference_name").asText()).isEqualTo("192.0.2.1");
        JsonNode told = status.path("sources");
        assertThat(told.path("known").asInt()).isEqualTo(2);
        assertThat(told.path("heard").asInt()).isEqualTo(1);
        assertThat(told.path("list").get(0).path("offset_ns").asLong()).isEqualTo(4_000);
        assertThat(told.path("list").get(0).path("error_ns").asLong()).isGreaterThanOrEqualTo(20_000);
        assertThat(told.path("list").get(1).has("offset_ns")).isFalse();
    }

    private SourceList sourcesOf(ReferenceId followed) {
        return new SourceList(
                List.of(
                        new SourceState(
                                followed,
                                "192.0.2.1",
                                SourceState.Role.FOLLOWED,
                                2,
                                0377,
                                Optional.of(new Measurement(1, 1_000, 20_000, 0, 1_000_000_000, Optional.empty()))),
                        new SourceState(
                                ReferenceId.NONE, "192.0.2.2", SourceState.Role.UNUSABLE, 0, 0, Optional.empty())),
                5_000,
                clock.monotonicNanos());
    }

    @Test
    void whatIsLeftOutOfAReportThatIsTooLongIsNamed() throws IOException {
        for (int i = 0; i < 100; i++) {
            servers.add("transport" + i, new Counted("/run/" + "x".repeat(200)));
        }
        JsonNode status = read();
        assertThat(status.has("transports")).isFalse();
        assertThat(status.path("left_out")).hasSize(1);
        assertThat(status.path("left_out").get(0).asText()).isEqualTo("transports");
        assertThat(status.has("settings")).isTrue();
    }

    @Test
    void whatWasSetIsInIt() throws IOException {
        BoundSettings settings = BoundSettings.DEFAULTS
                .withMaxSlewRatePpb(500_000)
                .withDiscipline(ClockDiscipline.UNDISCIPLINED)
                .withReferenceError(ReferenceId.ofClock("PPS"), Duration.ofNanos(1_500))
                .withReferenceError(ReferenceId.ofClock("PHC0"), Duration.ofNanos(400_000));
        JsonNode set = read(new StatusReport(settings, source, clock, servers, history, warnings))
                .path("settings");
        assertThat(set.path("max_slew_rate_ppb").asLong()).isEqualTo(500_000);
        assertThat(set.path("clock").asText()).isEqualTo("undisciplined");
        assertThat(set.path("reference_errors"))
                .isEqualTo(new ObjectMapper()
                        .readTree("[{\"reference\":\"PHC0\",\"error_ns\":400000},"
                                + "{\"reference\":\"PPS\",\"error_ns\":1500}]"));
    }

    @Test
    void theProtocolHasEveryMemberAndNoOther() throws IOException {
        tracker.poll();
        sources = sourcesOf(source.snapshot().reference());
        JsonNode status = read();
        Map<String, String> rows = members("The status object");
        assertThat(rows.keySet()).containsExactlyInAnyOrderElementsOf(names(status));
        for (String member : List.of("last_poll", "interval", "bound", "source", "sources")) {
            assertThat(names(status.path(member)))
                    .allSatisfy(name -> assertThat(rows.get(member)).contains("`" + name + "`"));
        }
        assertThat(names(status.path("sources").path("list").get(0)))
                .allSatisfy(name -> assertThat(rows.get("sources")).contains("`" + name + "`"));
        assertThat(names(status.path("changes").get(0)))
                .allSatisfy(name -> assertThat(rows.get("changes")).contains("`" + name + "`"));
    }

    @Test
    void theProtocolHasEveryMemberOfTheHistoryAndNoOther() throws IOException {
        tracker.poll();
        clock.advance(Duration.ofMinutes(2));
        tracker.poll();
        JsonNode json = new ObjectMapper().readTree(HistoryReport.json(history, 0, clock, sources));
        Map<String, String> rows = members("The history object");
        assertThat(rows.keySet()).containsExactlyInAnyOrderElementsOf(names(json));
        assertThat(names(json.path("periods").get(0)))
                .allSatisfy(name -> assertThat(rows.get("periods")).contains("`" + name + "`"));
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        assertThat(names).isNotEmpty();
        return names;
    }

    /** Returns what the table of a section says of each member. */
    private static Map<String, String> members(String section) throws IOException {
        String text = Files.readString(Path.of("../docs/PROTOCOL.md")).split("\n## " + section + "\n", 2)[1];
        Map<String, String> rows = new HashMap<>();
        text.lines()
                .takeWhile(line -> !line.startsWith("#"))
                .filter(line -> line.startsWith("| `"))
                .forEach(line -> Pattern.compile("`(\\w+)`")
                        .matcher(line.split("\\|", 3)[1])
                        .results()
                        .forEach(name -> rows.put(name.group(1), line)));
        return rows;
    }

    @Test
    void everyTransportHasItsAddressAndItsCounts() throws IOException {
        servers.add("datagram", new Counted("/run/x.sock"));
        servers.add("stream", new Counted("/run/y.sock"));
        assertThat(read().path("transports"))
                .isEqualTo(new ObjectMapper()
                        .readTree("{\"datagram\":{\"address\":\"/run/x.sock\",\"requests\":{\"now\":{\"answered\":7}}},"
                                + "\"stream\":{\"address\":\"/run/y.sock\",\"requests\":{\"now\":{\"answered\":7}}}}"));
    }

    @Test
    void eachThingThatIsWrongWithATransportIsAWarning() throws IOException {
        servers.add(
                "shm", new Counted("/run/shm0", List.of("another program writes into /run/shm0", "it was removed")));
        assertThat(read().path("warnings").path(0).asText()).isEqualTo("another program writes into /run/shm0");
        assertThat(read().path("warnings").path(1).asText()).isEqualTo("it was removed");
    }

    @Test
    void howeverLongItsTextsItFitsIntoEightKibibytes() throws IOException {
        source.fail("\u0001".repeat(10_000));
        tracker.poll();
        for (int i = 0; i < 100; i++) {
            servers.add("transport" + i, new Counted("€".repeat(10_000), List.of("€".repeat(10_000))));
        }
        String text = report.json(bound -> bound.read(clock), sources);
        assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(Transport.MAX_STATUS_BYTES);
        assertThat(new ObjectMapper()
                        .readTree(text)
                        .path("last_poll")
                        .path("detail")
                        .asText())
                .startsWith("\u0001")
                .endsWith("…");
    }

    private JsonNode read() throws IOException {
        return read(report);
    }

    private JsonNode read(StatusReport of) throws IOException {
        return new ObjectMapper().readTree(of.json(bound -> bound.read(clock), sources));
    }

    /** A server that has answered seven clients. */
    private record Counted(String address, List<String> problems) implements TransportServer {

        private Counted(String address) {
            this(address, List.of());
        }

        @Override
        public Map<String, Object> counts() {
            return Map.of("requests", Map.of("now", Map.of("answered", 7L)));
        }

        @Override
        public void close() {
            // nothing runs
        }
    }

    private static long sum(JsonNode terms) {
        assertThat(terms).isNotEmpty();
        long sum = 0;
        for (JsonNode nanos : terms) {
            sum += nanos.asLong();
        }
        return sum;
    }
}
