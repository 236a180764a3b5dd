/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;

/** A log message as a line for people, or for the journal: that takes the severity from a number in front. */
final class TextLayout extends LayoutBase<ILoggingEvent> {

    private final boolean isForJournal;

    TextLayout(boolean isForJournal) {
        this.isForJournal = isForJournal;
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(160);
        if (isForJournal) {
            line.append('<').append(priority(event.getLevel())).append('>');
        } else {
            line.append(event.getInstant()).append(' ');
            line.append(String.format("%-5s ", event.getLevel()));
        }
        // one entry of the journal: the bars keep the lines together; elsewhere no line looks like another message
        String separator = isForJournal ? " |   " : "\n  ";
        line.append(event.getFormattedMessage().strip().replaceAll("\\R\\s*", separator));
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            line.append(isForJournal ? " | " : "\n")
                    .append(ThrowableProxyUtil.asString(thrown).strip().replaceAll("\\R\\s*", separator));
        }
        return line.append('\n').toString();
    }

    /** Returns the severity of syslog (RFC 5424, section 6.2.1). */
    private static int priority(Level level) {
        return switch (level.toInt()) {
            case Level.ERROR_INT -> 3;
            case Level.WARN_INT -> 4;
            case Level.INFO_INT -> 6;
            default -> 7;
        };
    }
}
