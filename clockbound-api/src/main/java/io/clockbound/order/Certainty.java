/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.order;

/** Whether a statement about true time holds, as far as an interval tells. */
public enum Certainty {
    /** It holds wherever in the interval true time lies. */
    YES,
    /** It does not hold, wherever in the interval true time lies. */
    NO,
    /** It depends on where in the interval true time lies, or the clock cannot be trusted. */
    CANNOT_SAY
}
