/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

class LoggingTest {

    private static final Logger LOG = LoggerFactory.getLogger(LoggingTest.class);

    private final PrintStream standardOutput = System.out;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    @BeforeEach
    void capture() {
        System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.setOut(standardOutput);
        Logging.apply(LogSettings.DEFAULTS);
    }

    @Test
    void everyMessageIsAJsonObjectOnALine() throws IOException {
        Logging.apply(new LogSettings(Level.INFO, LogSettings.Format.json));
        LOG.info("quotes \" and \\, a tab\t, breaks\r\n, \u0001 and µs: {}", 5);
        LOG.error("it fails", new IOException("first\nsecond", new IllegalStateException("\"cause\"")));
        List<JsonNode> lines = new ArrayList<>();
        for (String line : output.toString(StandardCharsets.UTF_8).lines().toList()) {
            lines.add(new ObjectMapper().readTree(line));
        }
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0).path("level").asText()).isEqualTo("INFO");
        assertThat(lines.get(0).path("formattedMessage").asText())
                .isEqualTo("quotes \" and \\, a tab\t, breaks\r\n, \u0001 and µs: 5");
        assertThat(lines.get(0).path("timestamp").isNumber()).isTrue();
        assertThat(lines.get(1).path("level").asText()).isEqualTo("ERROR");
        assertThat(lines.get(1).path("throwable").path("message").asText()).isEqualTo("first\nsecond");
    }

    @Test
    void whatIsLessSevereThanTheLevelIsLeftOut() {
        Logging.apply(new LogSettings(Level.WARN, LogSettings.Format.text));
        LOG.info("not this");
        LOG.warn("but this");
        assertThat(output.toString(StandardCharsets.UTF_8)).contains("but this").hasLineCount(1);
    }
}
