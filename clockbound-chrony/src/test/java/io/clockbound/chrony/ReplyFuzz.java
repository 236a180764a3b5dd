/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import io.clockbound.testing.Demand;
import java.nio.ByteBuffer;

/** Whatever comes from chronyd's port is a reply of chronyd's protocol, or is refused; and a body is only that of its command. */
public final class ReplyFuzz {

    private static final int HEADER = 28;

    private ReplyFuzz() {}

    /** Takes a datagram. */
    public static void fuzzerTestOneInput(byte[] input) {
        ByteBuffer sent = ByteBuffer.wrap(input);
        boolean isReply = input.length >= HEADER && sent.getInt(0) == 0x0602_0000;
        Reply reply;
        try {
            reply = Reply.decode(sent);
        } catch (ChronyProtocolException e) {
            Demand.that(!isReply, "a reply of version 6 is not refused");
            return;
        }
        Demand.that(isReply, "only a reply of version 6 is taken");
        Demand.that(
                reply.isTo(Command.TRACKING, sent.getInt(16)) == (sent.getChar(4) == 33), "a reply is to its command");
        Demand.that(!reply.isTo(Command.TRACKING, ~sent.getInt(16)), "a reply is to its sequence number");
        for (Command command : Command.values()) {
            require(reply, command, sent);
        }
    }

    private static void require(Reply reply, Command command, ByteBuffer sent) {
        boolean isRefusal = sent.getChar(8) != 0;
        boolean isBody = sent.getChar(6) == command.replyType() && sent.limit() >= command.replyBytes();
        try {
            ByteBuffer body = reply.bodyOf(command);
            Demand.that(!isRefusal && isBody, "a body is whole, of its type, and of a command that was carried out");
            Demand.that(body.equals(sent.slice(HEADER, sent.limit() - HEADER)), "a body is what follows the header");
            decode(command, body);
        } catch (ChronyRefusal e) {
            Demand.that(isRefusal && e.status() == sent.getChar(8), "a refusal has the status that was sent");
        } catch (ChronyProtocolException e) {
            Demand.that(!isRefusal && (!isBody || command == Command.TRACKING), "what is whole is not refused");
        }
    }

    private static void decode(Command command, ByteBuffer body) throws ChronyProtocolException {
        switch (command) {
            case TRACKING -> Tracking.decode(body);
            case SOURCE_DATA -> Demand.that(!SourceData.decode(body).name().isEmpty(), "a source has a name");
            case N_SOURCES -> body.getInt(0);
        }
    }
}
