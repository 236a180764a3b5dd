/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.clockbound.daemon.log.Logging;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.LoggerFactory;

/** What a class logs by default, at INFO or above, as lines of level and message. */
final class CapturedLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    private final Logger logger;
    private final List<String> lines = new ArrayList<>();
    private final Map<String, Object> fields = new LinkedHashMap<>();

    /** Captures from now on; {@link Logging#apply} ends it, as it ends everything that was set up before. */
    CapturedLog(Class<?> logged) {
        logger = (Logger) LoggerFactory.getLogger(logged);
        logger.setAdditive(false);
        logger.setLevel(Level.INFO); // whatever the tests before have left
        logger.addAppender(this);
        start();
    }

    @Override
    protected synchronized void append(ILoggingEvent event) {
        lines.add(event.getLevel() + " " + event.getFormattedMessage());
        fields.clear();
        if (event.getKeyValuePairs() != null) {
            event.getKeyValuePairs().forEach(pair -> fields.put(pair.key, pair.value));
        }
    }

    /** Returns what the last line is about, for programs. */
    synchronized Map<String, Object> fields() {
        return Map.copyOf(fields);
    }

    /** Returns what came since the last call. */
    synchronized List<String> take() {
        List<String> taken = List.copyOf(lines);
        lines.clear();
        return taken;
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        logger.setAdditive(true);
        logger.setLevel(null);
        stop();
    }
}
