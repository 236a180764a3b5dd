/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.soak;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A soak as a drawing: half width, memory, threads and descriptors over time, and when something happened. */
final class SoakPicture {

    private static final int WIDTH = 960;
    private static final int LEFT = 70;
    private static final int PANEL = 130;
    private static final int GAP = 40;
    private static final int HEIGHT = 4 * (PANEL + GAP) + 20;

    private final List<SoakSample> samples;
    private final List<Double> happened;
    private final double seconds;
    private final StringBuilder svg = new StringBuilder();

    private SoakPicture(Soak soak) {
        samples = soak.samples();
        happened = soak.happened();
        seconds = samples.get(samples.size() - 1).seconds();
    }

    static String of(Soak soak) {
        return new SoakPicture(soak).draw();
    }

    private String draw() {
        line(
                "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif' font-size='12'>",
                WIDTH, HEIGHT);
        line("<rect width='%d' height='%d' fill='white'/>", WIDTH, HEIGHT);
        panel(
                0,
                "half width of a reading, µs (logarithmic; none without trust)",
                sample -> Math.log10(Math.max(1, sample.halfWidthNanos() / 1e3)),
                true);
        panel(1, "resident memory, MiB", sample -> sample.residentKib() / 1024.0, false);
        panel(2, "threads", SoakSample::threads, false);
        panel(3, "descriptors", SoakSample::descriptors, false);
        line("</svg>");
        return svg.toString();
    }

    private void panel(int number, String title, ToDoubleFunction<SoakSample> figure, boolean isLogarithmic) {
        int top = 20 + number * (PANEL + GAP);
        double max = samples.stream().mapToDouble(figure).max().orElse(1) * 1.1;
        line("<text x='%d' y='%d'>%s</text>", LEFT, top - 5, title);
        for (double when : happened) {
            line("<line x1='%.1f' x2='%.1f' y1='%d' y2='%d' stroke='#f0c0c0'/>", x(when), x(when), top, top + PANEL);
        }
        line(
                "<rect x='%d' y='%d' width='%d' height='%d' fill='none' stroke='#888'/>",
                LEFT, top, WIDTH - LEFT - 10, PANEL);
        line("<text x='5' y='%d'>%s</text>", top + 10, label(max, isLogarithmic));
        line("<text x='5' y='%d'>%s</text>", top + PANEL, isLogarithmic ? "1" : "0");
        line("<text x='%d' y='%d' text-anchor='end'>%.0f min</text>", WIDTH - 10, top + PANEL + 14, seconds / 60);
        StringBuilder points = new StringBuilder();
        for (SoakSample sample : samples) {
            double y = top + PANEL - figure.applyAsDouble(sample) / max * PANEL;
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(sample.seconds()), y));
        }
        line(
                "<polyline points='%s' fill='none' stroke='#2060a0'/>",
                points.toString().strip());
    }

    private double x(double at) {
        return LEFT + at / seconds * (WIDTH - LEFT - 10);
    }

    private static String label(double value, boolean isLogarithmic) {
        return String.format(Locale.ROOT, "%.0f", isLogarithmic ? Math.pow(10, value) : value);
    }

    private void line(String format, Object... arguments) {
        svg.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}
