/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.daemon.Json;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusSummaryTest {

    @Test
    void theGrowthOfTheBoundIsRoundedUpAsTheBoundIs() {
        Report status = new Report(Map.of("bound", Map.of("now_ns", 1L, "max_drift_ppb", 16_501L, "void_in_ns", 1L)));
        assertThat(StatusSummary.sentences(status))
                .anyMatch(line -> line.startsWith("It grows by 16.6 µs each second until a poll renews it"));
    }

    @Test
    void theEndOfTheTrustIsToldToThoseWhoseClockRunsFreeAndNeverTooLate() throws IOException {
        String bound = "\"bound\":{\"now_ns\":1,\"trust_ends_epoch_ns\":1999999999,\"trust_ends_in_ns\":";
        assertThat(StatusSummary.lines(new Report(Json.read("{\"status\":\"FREE_RUNNING\"," + bound + "4999999999}}"))))
                .contains("ends     by 1970-01-01T00:00:01Z, in 4 s, unless synchronised again");
        assertThat(StatusSummary.sentences(
                        new Report(Json.read("{\"status\":\"FREE_RUNNING\"," + bound + "999999999}}"))))
                .contains("The trust ends by 1970-01-01T00:00:01Z, in less than 1 s, unless synchronised again.");
        assertThat(StatusSummary.lines(new Report(Json.read("{\"status\":\"SYNCHRONIZED\"," + bound + "1}}"))))
                .noneMatch(line -> line.startsWith("ends"));
    }

    @Test
    void aReasonThatEndsWithAQuestionMarkEndsTheSentence() throws IOException {
        Report status =
                new Report(Json.read("{\"status\":\"UNKNOWN\",\"why\":\"is it running?\",\"warnings\":[\"is it?\"],"
                        + "\"changes\":[{\"what\":\"status\",\"why\":\"was it?\"}]}"));
        assertThat(StatusSummary.sentences(status))
                .anyMatch(line -> line.endsWith("is it running?"))
                .anyMatch(line -> line.endsWith("was it?"))
                .anyMatch(line -> line.equals("Be warned: is it?"));
    }

    @Test
    void whereNoSourceIsFollowedItIsSaid() throws IOException {
        assertThat(source(
                        "\"source\":{\"name\":\"chrony\",\"peer\":\"[::1]:323\"},\"sources\":{\"known\":3,\"heard\":2,"
                                + "\"age_ns\":9000000000,\"list\":[]}"))
                .isEqualTo("source   none followed; 2 of 3 sources heard; asked: chrony at [::1]:323");
    }

    @Test
    void whatWasToldOfTheSourcesLongAgoIsNotOfNow() throws IOException {
        assertThat(
                        source(
                                "\"source\":{\"name\":\"chrony\",\"peer\":\"[::1]:323\",\"follows\":\"192.0.2.1\",\"stratum\":2},"
                                        + "\"sources\":{\"known\":1,\"heard\":1,\"age_ns\":45000000000,\"list\":[{\"role\":\"followed\"}]}"))
                .isEqualTo("source   192.0.2.1, which makes this clock stratum 2; 1 of 1 sources heard 45 s ago; asked:"
                        + " chrony at [::1]:323");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NO_ANSWER", "FAILED"})
    void whatWasToldOfTheSourcesIsNotOfNowOnceTheTimeSourceIsSilent(String result) throws IOException {
        assertThat(
                        source(
                                "\"last_poll\":{\"result\":\"" + result + "\"},"
                                        + "\"source\":{\"name\":\"chrony\",\"peer\":\"[::1]:323\",\"follows\":\"192.0.2.1\",\"stratum\":2},"
                                        + "\"sources\":{\"known\":1,\"heard\":1,\"age_ns\":4000000000,\"list\":[{\"role\":\"followed\"}]}"))
                .isEqualTo("source   192.0.2.1, which makes this clock stratum 2; 1 of 1 sources heard 4 s ago; asked:"
                        + " chrony at [::1]:323");
    }

    private static String source(String members) throws IOException {
        return StatusSummary.lines(new Report(Json.read("{\"status\":\"UNKNOWN\",\"why\":\"w\"," + members + "}")))
                .stream()
                .filter(line -> line.startsWith("source"))
                .findFirst()
                .orElseThrow();
    }
}
