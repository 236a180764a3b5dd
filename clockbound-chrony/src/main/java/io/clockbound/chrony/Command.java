/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

/** The commands that chronyd is sent: code and lengths of protocol version 6, in bytes. */
enum Command {
    /** Asks how many sources there are. */
    N_SOURCES(14, 32, 2, 32),
    /** Asks for the state of a source and its newest measurement. */
    SOURCE_DATA(15, 76, 3, 76),
    /** Asks for the state of the clock. */
    TRACKING(33, 104, 5, 104);

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
