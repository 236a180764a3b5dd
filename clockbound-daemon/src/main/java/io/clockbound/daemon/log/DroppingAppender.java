/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.log;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.slf4j.LoggerFactory;

/**
 * Hands messages to a thread that writes them; when that one falls behind they are lost, counted, and later said to be.
 *
 * <p>Whoever logs must not wait for whoever reads the log: a poll that waits is a clock that nobody renews.
 */
final class DroppingAppender extends AsyncAppender {

    private static final int QUEUE_LENGTH = 256;

    /** Less than a supervisor is willing to wait for the end of the daemon. */
    private static final int FLUSH_MILLIS = 500;

    private long lost;

    DroppingAppender() {
        setQueueSize(QUEUE_LENGTH);
        setDiscardingThreshold(0); // every message counts alike until there is no room at all
        setNeverBlock(true);
        setMaxFlushTime(FLUSH_MILLIS);
    }

    @Override
    protected synchronized void append(ILoggingEvent event) {
        // room for this message and the one about those that were lost
        if (getRemainingCapacity() < 2) {
            lost++;
            return;
        }
        if (lost > 0) {
            Logger log = (Logger) LoggerFactory.getLogger(DroppingAppender.class);
            Object[] count = {lost};
            super.append(new LoggingEvent(
                    DroppingAppender.class.getName(),
                    log,
                    Level.WARN,
                    "Nobody read standard output; messages lost: {}",
                    null,
                    count));
            lost = 0;
        }
        super.append(event);
    }
}
