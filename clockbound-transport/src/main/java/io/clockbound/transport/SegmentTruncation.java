/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

/**
 * Makes an access to a mapped file that was truncated fail in time.
 *
 * <p>The JVM reports such an access by an {@link InternalError}. Compiled code receives it only when the thread next enters the
 * JVM, which may be in the middle of a file operation or of the caller's work.
 */
final class SegmentTruncation {

    /** Not a constant: otherwise the compiler would allocate the arrays inline. */
    private static volatile int one = 1;

    private SegmentTruncation() {}

    /**
     * Enters the JVM by allocating an array of arrays, which even compiled code leaves to the JVM. It takes less than 1 µs and
     * is called after each copy of a record from or to a mapping.
     *
     * @throws InternalError when this thread has accessed a page that no longer exists
     */
    static void check() {
        byte[][] arrays = new byte[one][one];
        one = arrays.length;
    }
}
