/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.log;

import org.slf4j.event.Level;

/**
 * How the daemon writes its log.
 *
 * @param level the least severe messages that are written
 * @param format how each looks
 */
public record LogSettings(Level level, Format format) {

    /** How a message looks on standard output. */
    public enum Format {
        /** One line for people; with the priority in front where the journal reads it. */
        text,
        /** One JSON object a line. */
        json
    }

    public static final LogSettings DEFAULTS = new LogSettings(Level.INFO, Format.text);
}
