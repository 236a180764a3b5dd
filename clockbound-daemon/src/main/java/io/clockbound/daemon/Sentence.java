/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

/** Ends what other programs and exceptions say, some of it with a question mark, as a sentence. */
public final class Sentence {

    private Sentence() {}

    /** Returns a text with a full stop, unless it ends like a sentence. */
    public static String of(String text) {
        return text.matches("(?s).*[.?!]") ? text : text + ".";
    }
}
