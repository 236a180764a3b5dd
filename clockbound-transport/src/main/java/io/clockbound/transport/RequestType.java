/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import org.jspecify.annotations.Nullable;

/** What a client asks. The codes are those of protocol 1. */
public enum RequestType {
    /** Anything that is no request. */
    MALFORMED(0, 0),
    /** Between which two instants does true time lie? */
    NOW(1, 4),
    /** Has this instant certainly passed? */
    BEFORE(2, 12),
    /** Has this instant certainly not come yet? */
    AFTER(3, 12),
    /** What does the daemon say of itself? */
    STATUS(4, 4);

    private final byte code;
    private final int requestBytes;

    RequestType(int code, int requestBytes) {
        this.code = (byte) code;
        this.requestBytes = requestBytes;
    }

    byte code() {
        return code;
    }

    /** Returns the length of a request of this type. */
    int requestBytes() {
        return requestBytes;
    }

    /** Returns the type of a request; null stands for a malformed one. */
    static RequestType of(@Nullable Request request) {
        return request == null ? MALFORMED : request.type();
    }

    static RequestType ofCode(byte code) {
        return switch (code) {
            case 1 -> NOW;
            case 2 -> BEFORE;
            case 3 -> AFTER;
            case 4 -> STATUS;
            default -> MALFORMED;
        };
    }
}
