/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.clockbound.spi.LeapStatus;
import io.clockbound.testing.HexVectors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Exchanges recorded between chronyc or a raw socket and chronyd 4.3 and 4.8; index.json describes each. */
class VectorTest {

    private static final Map<String, Request> OURS = Map.of(
            "tracking", Request.TRACKING,
            "n_sources", Request.N_SOURCES,
            "source_data-refclock-idx0", Request.sourceData(0),
            "source_data-ntp-idx1", Request.sourceData(1),
            "nosuchsource", Request.sourceData(9));

    private static final List<LeapStatus> LEAPS = List.of(LeapStatus.values());

    record Vector(String name, JsonNode description) {
        byte[] request() {
            return HexVectors.bytes("/vectors/" + name + ".req.hex");
        }

        Reply reply() throws ChronyProtocolException {
            return Reply.decode(ByteBuffer.wrap(HexVectors.bytes("/vectors/" + name + ".rpy.hex")));
        }

        int status() {
            return description.at("/reply/status").asInt();
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Vector> all() throws IOException {
        List<Vector> vectors = new ArrayList<>();
        try (InputStream in = VectorTest.class.getResourceAsStream("/vectors/index.json")) {
            for (JsonNode description : new ObjectMapper().readTree(in)) {
                vectors.add(new Vector(description.get("name").asText(), description));
            }
        }
        return vectors;
    }

    static List<Vector> tracking() throws IOException {
        return all().stream()
                .filter(vector -> vector.name.contains("-tracking-"))
                .toList();
    }

    static List<Vector> sources() throws IOException {
        return all().stream()
                .filter(vector -> vector.name.contains("-source_data-"))
                .toList();
    }

    static List<Vector> refused() throws IOException {
        return all().stream().filter(vector -> vector.status() != 0).toList();
    }

    static List<Vector> ours() throws IOException {
        return all().stream()
                .filter(vector -> OURS.keySet().stream().anyMatch(vector.name::contains))
                .filter(vector -> vector.request()[0] == 6)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("all")
    void headerIsWhatTheIndexSays(Vector vector) throws IOException {
        Reply reply = vector.reply();
        JsonNode expected = vector.description.get("reply");
        assertThat(reply.command()).isEqualTo(expected.get("command").asInt());
        assertThat(reply.type()).isEqualTo(expected.get("reply").asInt());
        assertThat(reply.status()).isEqualTo(vector.status());
        assertThat(reply.sequence()).isEqualTo((int) expected.get("seq").asLong());
        assertThat(reply.body().limit()).isEqualTo(expected.get("length").asInt() - 28);
    }

    @ParameterizedTest
    @MethodSource("tracking")
    void everyFieldOfTrackingIsWhatTheIndexSays(Vector vector) throws IOException {
        Tracking tracking = Tracking.decode(vector.reply().bodyOf(Command.TRACKING));
        JsonNode expected = vector.description.get("body");
        assertThat(tracking.reference().code())
                .isEqualTo(Integer.parseUnsignedInt(expected.get("ref_id").asText(), 16));
        assertThat(tracking.reference().isServer())
                .isEqualTo(!expected.get("ip").asText().equals("UNSPEC"));
        assertThat(tracking.stratum()).isEqualTo(expected.get("stratum").asInt());
        assertThat(tracking.leap()).isEqualTo(LEAPS.get(expected.get("leap").asInt()));
        assertThat(tracking.referenceTime())
                .isEqualTo(Instant.ofEpochSecond(
                        expected.at("/ref_raw/1").asLong(),
                        expected.at("/ref_raw/2").asLong()));
        assertThat(tracking.correctionSeconds())
                .isEqualTo(expected.get("current_correction").asDouble());
        assertThat(tracking.lastOffsetSeconds())
                .isEqualTo(expected.get("last_offset").asDouble());
        assertThat(tracking.rmsOffsetSeconds())
                .isEqualTo(expected.get("rms_offset").asDouble());
        assertThat(tracking.frequencyPpm()).isEqualTo(expected.get("freq_ppm").asDouble());
        assertThat(tracking.residualFrequencyPpm())
                .isEqualTo(expected.get("resid_freq_ppm").asDouble());
        assertThat(tracking.skewPpm()).isEqualTo(expected.get("skew_ppm").asDouble());
        assertThat(tracking.rootDelaySeconds())
                .isEqualTo(expected.get("root_delay").asDouble());
        assertThat(tracking.rootDispersionSeconds())
                .isEqualTo(expected.get("root_dispersion").asDouble());
        assertThat(tracking.lastUpdateIntervalSeconds())
                .isEqualTo(expected.get("last_update_interval").asDouble());
    }

    @ParameterizedTest
    @MethodSource("sources")
    void everyFieldOfSourceDataIsWhatTheIndexSays(Vector vector) throws IOException {
        SourceData source = SourceData.decode(vector.reply().bodyOf(Command.SOURCE_DATA));
        JsonNode expected = vector.description.get("body");
        assertThat(source.address()).hasToString(expected.get("ip").asText());
        assertThat(source.poll()).isEqualTo(expected.get("poll").asInt());
        assertThat(source.isSelected()).isEqualTo(expected.get("state").asInt() == 0);
        assertThat(source.isReferenceClock()).isEqualTo(expected.get("mode").asInt() == 2);
        assertThat(source.reach()).isEqualTo(expected.get("reach").asInt());
        assertThat(source.sinceSampleSeconds())
                .isEqualTo(expected.get("since_sample").asLong());
        assertThat(ChronyFloat.decode(source.originalOffsetBits()))
                .isEqualTo(expected.get("orig_latest_meas").asDouble());
        assertThat(source.offsetSeconds()).isEqualTo(expected.get("latest_meas").asDouble());
        assertThat(source.errorSeconds())
                .isEqualTo(expected.get("latest_meas_err").asDouble());
    }

    @Test
    void theSourcesOfTheIndexAreNamedAndCounted() throws IOException {
        assertThat(sources())
                .extracting(vector -> SourceData.decode(vector.reply().bodyOf(Command.SOURCE_DATA))
                        .name())
                .containsExactly("PHC0", "127.0.0.1");
        Vector count = all().stream()
                .filter(vector -> vector.name.contains("n_sources"))
                .findFirst()
                .orElseThrow();
        assertThat(count.reply().bodyOf(Command.N_SOURCES).getInt(0)).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("tracking")
    void rawFloatsDecodeToExactlyTheDoublesOfTheIndex(Vector vector) {
        JsonNode words = vector.description.get("raw_reply_floats");
        assertThat(words).hasSize(9);
        words.fieldNames()
                .forEachRemaining(field -> assertThat(ChronyFloat.decode(
                                Integer.parseUnsignedInt(words.get(field).asText(), 16)))
                        .as(field)
                        .isEqualTo(vector.description.at("/body/" + field).asDouble()));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusalIsAnErrorThatNamesTheStatus(Vector vector) throws IOException {
        Reply reply = vector.reply();
        assertThatThrownBy(() -> reply.requireSuccess("this"))
                .isInstanceOf(ChronyRefusal.class)
                .hasMessageStartingWith("chronyd answers this with "
                        + vector.description.at("/reply/status_name").asText() + ": ");
    }

    @ParameterizedTest
    @MethodSource("ours")
    void requestIsEncodedAsRecorded(Vector vector) {
        Request request = OURS.entrySet().stream()
                .filter(entry -> vector.name.contains(entry.getKey()))
                .findFirst()
                .orElseThrow()
                .getValue();
        JsonNode recorded = vector.description.get("request");
        int sequence = Integer.parseUnsignedInt(recorded.get("sequence").asText(), 16);
        assertThat(request.encode(recorded.get("attempt").asInt(), sequence).array())
                .isEqualTo(vector.request());
    }
}
