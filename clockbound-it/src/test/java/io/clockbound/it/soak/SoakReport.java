/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.soak;

import io.clockbound.it.truth.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** A soak as tables, in the form of the documents. */
final class SoakReport {

    private SoakReport() {}

    static List<String> of(Soak soak) {
        List<String> lines = new ArrayList<>();
        lines.add("| client | readings judged | trusted | misses | minimum margin | mean half width |");
        lines.add("|---|---|---|---|---|---|");
        for (Verdict verdict : soak.verdicts()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "| %s | %,d | %,d | %d | %.1f µs | %.1f µs |",
                    verdict.scenario(),
                    verdict.readings(),
                    verdict.trusted(),
                    verdict.misses(),
                    verdict.tightestMarginNanos() / 1e3,
                    verdict.meanHalfWidthNanos() / 1e3));
        }
        lines.add("");
        lines.add("| what happened | times | synchronised again after, at most |");
        lines.add("|---|---|---|");
        soak.events()
                .forEach((event, times) -> lines.add(String.format(
                        Locale.ROOT,
                        "| %s | %d | %.1f s |",
                        event,
                        times,
                        soak.slowestSeconds().get(event))));
        lines.add("");
        lines.add("| the daemon | minimum | maximum | at the end |");
        lines.add("|---|---|---|---|");
        lines.add(row("resident memory, MiB", soak, sample -> sample.residentKib() / 1024));
        lines.add(row("threads", soak, SoakSample::threads));
        lines.add(row("descriptors", soak, SoakSample::descriptors));
        return lines;
    }

    private static String row(String what, Soak soak, ToLongFunction<SoakSample> figure) {
        long[] figures = soak.samples().stream().mapToLong(figure).sorted().toArray();
        long last = figure.applyAsLong(soak.samples().get(soak.samples().size() - 1));
        return "| " + what + " | " + figures[0] + " | " + figures[figures.length - 1] + " | " + last + " |";
    }
}
