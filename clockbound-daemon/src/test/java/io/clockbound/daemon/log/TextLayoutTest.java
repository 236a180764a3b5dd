/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextLayoutTest {

    private static final Instant NOW = Instant.parse("2026-11-23T08:00:00.123456789Z");

    @ParameterizedTest
    @CsvSource({"ERROR, 3", "WARN, 4", "INFO, 6", "DEBUG, 7", "TRACE, 7"})
    void theJournalGetsTheSeverityInsteadOfTheTime(String level, int priority) {
        assertThat(new TextLayout(true).doLayout(event(Level.toLevel(level), "it ends", null)))
                .isEqualTo("<" + priority + ">it ends\n");
    }

    @Test
    void aTerminalGetsTimeAndLevel() {
        assertThat(new TextLayout(false).doLayout(event(Level.WARN, "it ends", null)))
                .isEqualTo("2026-11-23T08:00:00.123456789Z WARN  it ends\n");
    }

    @Test
    void anExceptionStaysOneEntryOfTheJournal() {
        IOException thrown = new IOException("first\nsecond", new IllegalStateException("cause"));
        String entry = new TextLayout(true).doLayout(event(Level.ERROR, "it fails", thrown));
        assertThat(entry)
                .startsWith("<3>it fails | java.io.IOException: first")
                .contains("Caused by: java.lang.IllegalStateException: cause")
                .endsWith("\n")
                .hasLineCount(1);
    }

    @Test
    void aMessageWithLineBreaksStaysOneEntryOfTheJournal() {
        assertThat(new TextLayout(true).doLayout(event(Level.WARN, "one\r\n<0>two\u2028three\n", null)))
                .isEqualTo("<4>one |   <0>two |   three\n");
    }

    @Test
    void theLaterLinesOfAMessageAreIndented() {
        String lines = new TextLayout(false).doLayout(event(Level.INFO, "one\n2026 two", new IOException("three")));
        assertThat(lines).contains("INFO  one\n  2026 two\njava.io.IOException: three\n  at ");
    }

    private static LoggingEvent event(Level level, String message, @Nullable Throwable thrown) {
        Logger logger = new LoggerContext().getLogger("test");
        LoggingEvent event = new LoggingEvent("", logger, level, message, thrown, null);
        event.setInstant(NOW);
        return event;
    }
}
