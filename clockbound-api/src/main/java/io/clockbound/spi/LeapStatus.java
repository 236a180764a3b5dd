/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.spi;

/** The leap indicator of NTP (RFC 5905, figure 9). */
public enum LeapStatus {
    /** No leap second is announced. */
    NORMAL,
    /** The last minute of this UTC day has 61 seconds. */
    INSERT_SECOND,
    /** The last minute of this UTC day has 59 seconds. */
    DELETE_SECOND,
    /** The clock is not synchronised. */
    UNSYNCHRONIZED
}
