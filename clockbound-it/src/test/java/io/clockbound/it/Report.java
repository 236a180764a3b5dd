/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a run of the tests measured, as tables in a file of {@code target}, which {@code .ci/run} shows. */
public final class Report {

    public static final Report TRUTH = new Report("truth");
    public static final Report CONTAINERS = new Report("containers");
    public static final Report INTEROP = new Report("interop");
    public static final Report ORDER = new Report("order");

    private final Path file;
    private final Map<String, List<String>> tables = new LinkedHashMap<>();

    private Report(String name) {
        file = Path.of("target", name + ".txt");
    }

    /** Adds rows to the table that has this heading. */
    public synchronized void add(String heading, List<String> rows) throws IOException {
        tables.computeIfAbsent(heading, first -> new ArrayList<>(List.of("", heading)))
                .addAll(rows);
        Files.write(file, tables.values().stream().flatMap(List::stream).toList());
    }
}
