/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A request to chronyd.
 *
 * @param command what it asks
 * @param goodMeasurements of a burst: how many usable measurements end it; else 0
 * @param totalMeasurements of a burst: how many measurements end it in any case; else 0
 */
record Request(Command command, int goodMeasurements, int totalMeasurements) {

    /** The state of the clock. */
    static final Request TRACKING = new Request(Command.TRACKING, 0, 0);

    /** All measurements dropped. */
    static final Request RESET_SOURCES = new Request(Command.RESET_SOURCES, 0, 0);

    private static final byte VERSION = 6;
    private static final byte REQUEST = 1;

    /** Returns a request for quick measurements of every source. */
    static Request burst(int goodMeasurements, int totalMeasurements) {
        if (goodMeasurements < 1 || totalMeasurements < goodMeasurements) {
            throw new IllegalArgumentException("a burst of " + goodMeasurements + " good out of " + totalMeasurements
                    + " measurements: at least 1 must be good, and no more than there are");
        }
        return new Request(Command.BURST, goodMeasurements, totalMeasurements);
    }

    /**
     * Returns the datagram, ready to be sent.
     *
     * @param attempt how often this was sent before
     * @param sequence what the reply must repeat
     */
    ByteBuffer encode(int attempt, int sequence) {
        ByteBuffer datagram = ByteBuffer.allocate(command.requestBytes()).order(ByteOrder.BIG_ENDIAN);
        datagram.put(0, VERSION).put(1, REQUEST);
        datagram.putShort(4, (short) command.code()).putShort(6, (short) attempt);
        datagram.putInt(8, sequence);
        if (command == Command.BURST) {
            // mask and address before these stay zero: every source
            datagram.putInt(60, goodMeasurements).putInt(64, totalMeasurements);
        }
        return datagram;
    }
}
