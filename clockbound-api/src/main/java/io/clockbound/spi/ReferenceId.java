/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.spi;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a clock is synchronised to: an NTP reference id (RFC 5905, section 7.3).
 *
 * @param code the four octets as they are sent, the first one highest; names are left-justified and padded with zeros
 * @param isServer true when the id stands for an NTP server's address, false when it is the name of a reference clock;
 *     an address can spell a name
 */
public record ReferenceId(int code, boolean isServer) {

    /** No reference: not synchronised. */
    public static final ReferenceId NONE = new ReferenceId(0, false);

    /** The local clock in place of a reference (127.127.1.1): chronyd's {@code local} mode. */
    public static final ReferenceId LOCAL = new ReferenceId(0x7F7F0101, false);

    /**
     * Returns the id of a reference clock.
     *
     * @throws IllegalArgumentException when the name is not 1 to 4 printable ASCII characters
     */
    public static ReferenceId ofClock(String name) {
        if (!name.matches("[!-~]{1,4}")) {
            throw new IllegalArgumentException(
                    "reference id '" + name + "' must be 1 to 4 printable ASCII characters, such as PHC0");
        }
        byte[] octets = new byte[4];
        byte[] letters = name.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(letters, 0, octets, 0, letters.length);
        return new ReferenceId(ByteBuffer.wrap(octets).getInt(), false);
    }

    /** Tells whether this is a clock attached to the host, such as a PTP hardware clock or a GPS receiver. */
    public boolean isReferenceClock() {
        return !isServer && !equals(NONE) && !equals(LOCAL);
    }

    // by hand: those of a record use method handles, which cost each poll 10 us under C1
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ReferenceId id && id.code == code && id.isServer == isServer;
    }

    @Override
    public int hashCode() {
        return 2 * code + (isServer ? 1 : 0);
    }

    /** Returns the name of a reference clock, else eight hexadecimal digits. */
    @Override
    public String toString() {
        byte[] octets = ByteBuffer.allocate(4).putInt(code).array();
        String name = new String(octets, StandardCharsets.US_ASCII).replaceFirst("\0+$", "");
        return isReferenceClock() && name.matches("[!-~]{1,4}") ? name : String.format("%08X", code);
    }
}
