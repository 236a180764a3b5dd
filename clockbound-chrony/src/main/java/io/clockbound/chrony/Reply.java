/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A reply of chronyd.
 *
 * @param command code of the command that it replies to
 * @param type type of the body; 1 when there is none
 * @param status 0 when chronyd did what it was asked
 * @param sequence that of the request
 * @param body what follows the header
 */
record Reply(int command, int type, int status, int sequence, ByteBuffer body) {

    private static final int HEADER_BYTES = 28;
    private static final int VERSION = 6;
    private static final int REPLY = 2;

    /** Reads a datagram between its position and limit. */
    static Reply decode(ByteBuffer received) throws ChronyProtocolException {
        ByteBuffer datagram = received.slice().order(ByteOrder.BIG_ENDIAN);
        if (datagram.limit() < HEADER_BYTES) {
            throw new ChronyProtocolException("a reply of " + datagram.limit() + " bytes is too short");
        }
        int version = Byte.toUnsignedInt(datagram.get(0));
        int packetType = Byte.toUnsignedInt(datagram.get(1));
        if (version != VERSION || packetType != REPLY || datagram.getShort(2) != 0) {
            throw new ChronyProtocolException("version " + version + ", packet type " + packetType
                    + ": not a reply of chronyd's protocol version " + VERSION);
        }
        return new Reply(
                Short.toUnsignedInt(datagram.getShort(4)),
                Short.toUnsignedInt(datagram.getShort(6)),
                Short.toUnsignedInt(datagram.getShort(8)),
                datagram.getInt(16),
                datagram.slice(HEADER_BYTES, datagram.limit() - HEADER_BYTES).order(ByteOrder.BIG_ENDIAN));
    }

    /** Tells whether this is the reply to that request, not a late one to another. */
    boolean isTo(Command asked, int sequenceAsked) {
        return command == asked.code() && sequence == sequenceAsked;
    }

    /** Returns the body of a command that chronyd carried out. */
    ByteBuffer bodyOf(Command asked) throws ChronyProtocolException {
        requireSuccess(asked.name());
        int bytes = HEADER_BYTES + body.limit();
        if (type != asked.replyType() || bytes < asked.replyBytes()) {
            throw new ChronyProtocolException("a reply of type " + type + " and " + bytes + " bytes to " + asked
                    + ", which has type " + asked.replyType() + " and " + asked.replyBytes() + " bytes");
        }
        return body;
    }

    /** Throws when chronyd refused or failed. */
    void requireSuccess(String what) throws ChronyProtocolException {
        if (status != 0) {
            throw new ChronyRefusal(status, "chronyd answers " + what + " with " + meaning());
        }
    }

    private String meaning() {
        return switch (status) {
            case 1 -> "FAILED: it tried and could not";
            case 2 ->
                "UNAUTH: not allowed here; over UDP it allows what 'opencommands' in chrony.conf lists, "
                        + "on its Unix socket everything";
            case 3 -> "INVALID: it does not know this command";
            case 4 -> "NOSUCHSOURCE: it has no such source";
            case 6 -> "NOTENABLED: chrony.conf does not enable this";
            case 18 ->
                "BADPKTVERSION: this chronyd does not speak protocol version " + VERSION
                        + " and is not supported; chrony 3.0 or later is";
            case 19 -> "BADPKTLENGTH: it expects another length; this chronyd is not supported, chrony 3.0 or later is";
            default -> "status " + status + ": it failed";
        };
    }
}
