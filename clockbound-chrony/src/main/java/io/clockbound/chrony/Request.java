/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A request to chronyd.
 *
 * @param command the command
 * @param index index of the source, from 0; 0 for commands without one
 */
record Request(Command command, int index) {

    /** The state of the clock. */
    static final Request TRACKING = new Request(Command.TRACKING, 0);

    /** The number of sources. */
    static final Request N_SOURCES = new Request(Command.N_SOURCES, 0);

    private static final byte VERSION = 6;
    private static final byte REQUEST = 1;
    private static final int INDEX = 20;

    /** Returns a request for the state of a source. */
    static Request sourceData(int index) {
        return new Request(Command.SOURCE_DATA, index);
    }

    /**
     * Returns the datagram, ready to be sent.
     *
     * @param attempt how often this request was sent before
     * @param sequence number that the reply must repeat
     */
    ByteBuffer encode(int attempt, int sequence) {
        ByteBuffer datagram = ByteBuffer.allocate(command.requestBytes()).order(ByteOrder.BIG_ENDIAN);
        datagram.put(0, VERSION).put(1, REQUEST);
        datagram.putShort(4, (short) command.code()).putShort(6, (short) attempt);
        datagram.putInt(8, sequence);
        if (command == Command.SOURCE_DATA) {
            datagram.putInt(INDEX, index);
        }
        return datagram;
    }
}
