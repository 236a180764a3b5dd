/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.testing;

/** What a fuzz target demands of each input: no text is built and nothing allocated where it holds, because inputs come by the million. */
public final class Demand {

    private Demand() {}

    /** Fails with the sentence unless it is true. */
    public static void that(boolean isTrue, String sentence) {
        if (!isTrue) {
            throw new AssertionError("violated: " + sentence);
        }
    }
}
