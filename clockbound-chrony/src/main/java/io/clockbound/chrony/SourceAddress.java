/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import io.clockbound.spi.ReferenceId;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The address of a source, as chronyd writes it: 16 bytes, then the family.
 *
 * @param family 1 is IPv4, 2 IPv6; anything else is no address of a server
 * @param high the first eight bytes; an IPv4 address, or the name of a reference clock, has the first four
 * @param low the other eight bytes
 */
record SourceAddress(int family, long high, long low) {

    private static final int IPV4 = 1;
    private static final int IPV6 = 2;

    static SourceAddress decode(ByteBuffer body, int offset) {
        return new SourceAddress(
                Short.toUnsignedInt(body.getShort(offset + 16)), body.getLong(offset), body.getLong(offset + 8));
    }

    /** Tells whether it is that of a server. */
    boolean isServer() {
        return family == IPV4 || family == IPV6;
    }

    /** Returns the first four bytes, which are the reference id of a reference clock. */
    int code() {
        return (int) (high >>> 32);
    }

    /** Returns the reference id of a clock that follows this server: the address, or a digest of it (RFC 5905, section 7.3). */
    ReferenceId referenceId() {
        if (family == IPV4) {
            return new ReferenceId(code(), true);
        }
        if (family != IPV6) {
            return ReferenceId.NONE;
        }
        try {
            byte[] bytes = ByteBuffer.allocate(16).putLong(high).putLong(low).array();
            byte[] digest = MessageDigest.getInstance("MD5").digest(bytes);
            return new ReferenceId(ByteBuffer.wrap(digest).getInt(), true);
        } catch (NoSuchAlgorithmException e) {
            return ReferenceId.NONE; // a runtime that allows only approved algorithms
        }
    }

    // by hand: those of a record use method handles, which cost each poll 10 us under C1
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SourceAddress address
                && address.family == family
                && address.high == high
                && address.low == low;
    }

    @Override
    public int hashCode() {
        return 31 * (31 * family + Long.hashCode(high)) + Long.hashCode(low);
    }

    @Override
    public String toString() {
        byte[] bytes = ByteBuffer.allocate(16).putLong(high).putLong(low).array();
        try {
            return InetAddress.getByAddress(family == IPV6 ? bytes : Arrays.copyOf(bytes, 4))
                    .getHostAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError(e); // only the length can be wrong
        }
    }
}
