/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

/** What chronyd can be asked or told: code and lengths of protocol version 6, in bytes. */
enum Command {
    /** Tells a source to measure several times in a row. */
    BURST(3, 68, 1, 28),
    /** Asks for the state of the clock. */
    TRACKING(33, 104, 5, 104),
    /** Drops all measurements and starts anew. */
    RESET_SOURCES(66, 28, 1, 28);

    private final int code;
    private final int requestBytes;
    private final int replyType;
    private final int replyBytes;

    Command(int code, int requestBytes, int replyType, int replyBytes) {
        this.code = code;
        this.requestBytes = requestBytes;
        this.replyType = replyType;
        this.replyBytes = replyBytes;
    }

    int code() {
        return code;
    }

    int requestBytes() {
        return requestBytes;
    }

    int replyType() {
        return replyType;
    }

    int replyBytes() {
        return replyBytes;
    }
}
