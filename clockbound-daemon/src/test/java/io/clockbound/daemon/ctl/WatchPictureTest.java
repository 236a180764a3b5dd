/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import io.clockbound.daemon.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WatchPictureTest {

    private static final Instant WALL = Instant.parse("2026-11-23T08:38:37.5Z");

    private final WatchPicture picture = new WatchPicture("a clock", Duration.ofSeconds(1));

    @ParameterizedTest
    @CsvSource({"80,24", "120,40", "20,5", "1,1", "200,60"})
    void itFitsTheTerminalAndFillsIt(int columns, int rows) throws IOException {
        picture.note(new Report(Json.read(status())));
        for (int i = 0; i < 300; i++) {
            picture.note(within(1_000 + i % 60), WALL);
        }
        List<String> lines = picture.lines(columns, rows);
        assertThat(lines).hasSize(rows).allMatch(line -> line.length() <= columns);
    }

    @Test
    void itHasTheStatusTheReasonTheTermsTheSourcesAndTheChanges() throws IOException {
        picture.note(new Report(Json.read(status())));
        picture.note(within(1_000), WALL);
        assertThat(String.join("\n", picture.lines(80, 24)))
                .contains(
                        "SYNCHRONIZED for 3 s   ± 1 µs",
                        "because   synchronised",
                        "earliest  1970-01-01T00:00:00.000999Z")
                .contains("measurement", "10 ms", "growth")
                .contains("sources: 1 of 1 heard", "192.0.2.1")
                .contains("SYNCHRONIZED for 3 s: synchronised");
    }

    @Test
    void aReadingWithoutTrustIsMarkedAndHasNoBound() {
        picture.note(within(1_000), WALL);
        picture.note(BoundedInstant.unbounded(ClockStatus.DISRUPTED), WALL);
        picture.noteFailure("nobody is there");
        assertThat(String.join("\n", picture.lines(80, 24)))
                .contains("DISRUPTED   no bound", "because   not known: nobody is there", "earliest  -", "×");
    }

    @Test
    void aClockThatRunsFreeShowsWhenItsTrustEnds() throws IOException {
        picture.note(new Report(Json.read(status().replace("SYNCHRONIZED", "FREE_RUNNING")
                .replace(
                        "\"bound\":{",
                        "\"bound\":{\"trust_ends_epoch_ns\":1999999999,\"trust_ends_in_ns\":4999999999,"))));
        picture.note(new BoundedInstant(0, 2_000, ClockStatus.FREE_RUNNING), WALL);
        assertThat(picture.lines(80, 24))
                .contains("ends      by 1970-01-01T00:00:01Z, in 4 s, unless synchronised again");
    }

    @Test
    void aSourceFits80ColumnsAndALineThatDoesNotShowsWhereItIsCut() throws IOException {
        String wide = status().replace(
                        "\"why\":\"synchronised\",\"bound\"", "\"why\":\"" + "long ".repeat(30) + "\",\"bound\"")
                .replace("192.0.2.1", "255.255.255.255")
                .replace("followed", "falseticker")
                .replace("-5", "-88800")
                .replace("\"error_ns\":7", "\"error_ns\":99900");
        picture.note(new Report(Json.read(wide)));
        picture.note(within(1_000), WALL);
        assertThat(picture.lines(80, 24))
                .containsSequence(
                        "because  " + " long".repeat(14),
                        "         " + " long".repeat(14),
                        "         " + " long".repeat(2) + " ")
                .anyMatch(line -> line.contains("255.255.255.255") && line.endsWith("clock - 88.8 µs ± 99.9 µs"));
        assertThat(picture.lines(40, 24))
                .filteredOn(line -> line.contains("long"))
                .hasSize(4)
                .last()
                .asString()
                .hasSize(40)
                .endsWith("…");
    }

    @Test
    void aClockOfWhichTheSocketTellsOnlyThatItIsNotTrustedHasTheStatusOfItsReport() throws IOException {
        picture.note(new Report(Json.read("{\"status\":\"DISRUPTED\",\"is_trusted\":false,\"lasted_ns\":3000000000,"
                + "\"why\":\"the clock was stepped\"}")));
        picture.note(BoundedInstant.unbounded(ClockStatus.UNKNOWN), WALL);
        assertThat(picture.lines(80, 24)).contains("DISRUPTED for 3 s   no bound", "because   the clock was stepped");
    }

    @Test
    void sourcesOfWhichNothingWasHeardForLongAreToldWithTheAgeOfThat() throws IOException {
        picture.note(new Report(Json.read(status().replace("\"heard\":1", "\"heard\":1,\"age_ns\":45000000000"))));
        picture.note(within(1_000), WALL);
        assertThat(picture.lines(80, 24)).contains("sources: 1 of 1 heard 45 s ago");
    }

    private static String status() {
        return "{\"status\":\"SYNCHRONIZED\",\"lasted_ns\":3000000000,\"why\":\"synchronised\","
                + "\"bound\":{\"now_ns\":10500000,\"terms\":{\"growth_ns\":500000,\"measurement_ns\":10000000}},"
                + "\"sources\":{\"known\":1,\"heard\":1,\"list\":[{\"name\":\"192.0.2.1\",\"role\":\"followed\","
                + "\"stratum\":2,\"answered\":8,\"offset_ns\":-5,\"error_ns\":7}]},"
                + "\"changes\":[{\"at_epoch_ns\":1,\"what\":\"status\",\"from\":\"UNKNOWN\",\"to\":\"SYNCHRONIZED\","
                + "\"lasted_ns\":3000000000,\"why\":\"synchronised\"}]}";
    }

    private static BoundedInstant within(long nanos) {
        return new BoundedInstant(1_000_000 - nanos, 1_000_000 + nanos, ClockStatus.SYNCHRONIZED);
    }
}
