/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

class LoggingTest {

    private static final Pattern LOST_MANY = Pattern.compile("messages lost: \\d{3,}");

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
        Logging.end();
        List<JsonNode> lines = new ArrayList<>();
        for (String line : output.toString(StandardCharsets.UTF_8).lines().toList()) {
            lines.add(new ObjectMapper().readTree(line));
        }
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0).path("level").asText()).isEqualTo("INFO");
        assertThat(lines.get(0).path("message").asText())
                .isEqualTo("quotes \" and \\, a tab\t, breaks\r\n, \u0001 and µs: 5");
        assertThat(lines.get(0).path("time").asText()).matches("20\\d\\d-.*Z");
        assertThat(lines.get(0).path("logger").asText()).isEqualTo("LoggingTest");
        assertThat(lines.get(1).path("level").asText()).isEqualTo("ERROR");
        assertThat(lines.get(1).path("thrown").asText()).contains("first\nsecond", "\tat ", "\"cause\"");
    }

    @Test
    void whatAMessageIsAboutIsAMemberForEachNumberAndWord() throws IOException {
        Logging.apply(new LogSettings(Level.INFO, LogSettings.Format.json));
        LOG.atInfo()
                .addKeyValue("bound_ns", 5L)
                .addKeyValue("reason", "a \"word\"")
                .log("people read {}", "this");
        Logging.end();
        JsonNode line = new ObjectMapper().readTree(output.toString(StandardCharsets.UTF_8));
        assertThat(line.path("message").asText()).isEqualTo("people read this");
        assertThat(line.path("bound_ns").asLong()).isEqualTo(5);
        assertThat(line.path("bound_ns").isNumber()).isTrue();
        assertThat(line.path("reason").asText()).isEqualTo("a \"word\"");
    }

    @Test
    void theLinesForPeopleLeaveTheFieldsOut() {
        Logging.apply(LogSettings.DEFAULTS);
        LOG.atInfo().addKeyValue("bound_ns", 5L).log("people read this");
        Logging.end();
        assertThat(output.toString(StandardCharsets.UTF_8)).endsWith("INFO  people read this\n");
    }

    @Test
    void whatIsLessSevereThanTheLevelIsLeftOut() {
        Logging.apply(new LogSettings(Level.WARN, LogSettings.Format.text));
        LOG.info("not this");
        LOG.warn("but this");
        Logging.end();
        assertThat(output.toString(StandardCharsets.UTF_8)).contains("but this").hasLineCount(1);
    }

    @Test
    void whatNobodyReadsIsLostAndCounted() {
        CountDownLatch isRead = new CountDownLatch(1);
        System.setOut(new PrintStream(new Unread(isRead, output), true, StandardCharsets.UTF_8));
        Logging.apply(LogSettings.DEFAULTS);
        for (int i = 0; i < 1000; i++) {
            LOG.info("message {}", i);
        }
        isRead.countDown();
        // a few may have been lost before the writing thread began; that is said earlier, and apart
        while (!LOST_MANY.matcher(output.toString(StandardCharsets.UTF_8)).find()) {
            LOG.info("later message");
        }
        Logging.end();
        List<String> lines = output.toString(StandardCharsets.UTF_8).lines().toList();
        // the queue and what was on its way
        assertThat(lines.stream().filter(line -> line.matches(".* message \\d+")))
                .hasSizeBetween(200, 600);
        assertThat(lines)
                .anyMatch(line ->
                        line.contains("WARN ") && LOST_MANY.matcher(line).find());
    }

    /** An output that takes nothing before it is told to. */
    private static final class Unread extends FilterOutputStream {

        private final CountDownLatch isRead;

        Unread(CountDownLatch isRead, OutputStream next) {
            super(next);
            this.isRead = isRead;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                isRead.await();
            } catch (InterruptedException e) {
                throw new InterruptedIOException();
            }
            out.write(bytes, offset, length);
        }
    }
}
