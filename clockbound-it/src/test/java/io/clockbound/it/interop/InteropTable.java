/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What programs of several makers read, a line for each, for people: printed, and in a file that has all of a run. */
final class InteropTable {

    private static final Path FILE = Path.of("target", "interop.txt");
    private static final List<String> LINES = new ArrayList<>();

    private InteropTable() {}

    static void add(String title, List<PeerVerdict> verdicts) throws IOException {
        List<String> rows = new ArrayList<>(List.of(title, PeerVerdict.heading()));
        verdicts.forEach(verdict -> rows.add(verdict.row()));
        add(rows);
    }

    static synchronized void add(List<String> lines) throws IOException {
        lines.forEach(System.out::println);
        LINES.addAll(lines);
        Files.write(FILE, LINES);
    }
}
