/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

/**
 * What becomes of a thread that touched a mapped file after somebody cut it.
 *
 * <p>The JVM then throws an {@link InternalError}; but from compiled code it does so only when the thread next enters the JVM,
 * which may be in the middle of a call to a file, or of the caller's work.
 */
final class SegmentTruncation {

    /** Not constant, or the compiler would make the arrays itself. */
    private static volatile int one = 1;

    private SegmentTruncation() {}

    /**
     * Enters the JVM, as an array of arrays makes even compiled code do. It takes less than a µs, and is called after each
     * record that is copied from or to a mapping.
     *
     * @throws InternalError when this thread has touched a page that is gone
     */
    static void check() {
        byte[][] arrays = new byte[one][one];
        one = arrays.length;
    }
}
