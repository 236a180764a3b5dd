/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

/** The types of requests in protocol 1, and the header that requests and responses share: version, type, flags. */
enum RequestType {
    /** Anything that is not a request. */
    MALFORMED(0, 0),
    /** Between which two instants does true time lie? */
    NOW(1, 4),
    /** Has this instant certainly passed? */
    BEFORE(2, 12),
    /** Is this instant certainly still to come? */
    AFTER(3, 12),
    /** What is the daemon's status? */
    STATUS(4, 4),
    /** What has happened to the daemon's clock since an instant? */
    HISTORY(5, 12);

    static final byte VERSION = 1;
    static final int HEADER_BYTES = 4;

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

    /** Tells whether the response to a request of this type is a JSON object. */
    boolean asksForReport() {
        return this == STATUS || this == HISTORY;
    }

    /** Tells whether a request of this type names an instant. */
    boolean hasInstant() {
        return requestBytes > HEADER_BYTES;
    }

    static RequestType ofCode(byte code) {
        return switch (code) {
            case 1 -> NOW;
            case 2 -> BEFORE;
            case 3 -> AFTER;
            case 4 -> STATUS;
            case 5 -> HISTORY;
            default -> MALFORMED;
        };
    }
}
