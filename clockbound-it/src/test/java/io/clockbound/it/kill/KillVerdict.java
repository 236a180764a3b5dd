/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.kill;

import java.util.Locale;

/**
 * What came of killing writers.
 *
 * @param kills how many processes were killed by SIGKILL
 * @param writers how many writers these were: each process has several, with a segment each
 * @param midWrite how many of those were in the middle of a write
 * @param readings how many readings our reader made meanwhile
 * @param wrong what was wrong with the first wrong one of them; empty when none was
 * @param records how many different records the reader in C judged
 * @param mixed how many of them were of two
 */
record KillVerdict(int kills, int writers, int midWrite, long readings, String wrong, long records, long mixed) {

    boolean isGood() {
        return wrong.isEmpty() && mixed == 0;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%,d kills of %,d writers, %,d of them in the middle of a write; %,d readings, %s; %,d records judged"
                        + " in C, %,d mixed",
                kills,
                writers,
                midWrite,
                readings,
                wrong.isEmpty() ? "none wrong" : wrong,
                records,
                mixed);
    }
}
