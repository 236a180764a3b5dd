/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.truth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What became of the promise in each scenario, for people: printed, and in a file that has all of a run. */
final class TruthTable {

    private static final Path FILE = Path.of("target", "truth.txt");
    private static final List<String> ROWS = new ArrayList<>(List.of(Verdict.heading()));

    private TruthTable() {}

    static synchronized void add(Verdict verdict) throws IOException {
        ROWS.add(verdict.row());
        System.out.println(verdict.row());
        Files.write(FILE, ROWS);
    }
}
