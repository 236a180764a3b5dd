/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import io.clockbound.it.speed.Growth.Curve;
import java.util.List;
import java.util.Locale;

/** Growths as a drawing, a panel for each, two in a row; from zero, so that heights compare. */
final class GrowthPicture {

    private static final int PANEL_WIDTH = 460;
    private static final int PANEL_HEIGHT = 250;
    private static final int LEFT = 50;
    private static final int TOP = 60;
    private static final int PLOT_WIDTH = PANEL_WIDTH - LEFT - 20;
    private static final int PLOT_HEIGHT = PANEL_HEIGHT - TOP - 45;
    private static final List<String> COLOURS = List.of("#2060a0", "#c06020", "#408040");

    private final StringBuilder svg = new StringBuilder();

    private GrowthPicture() {}

    static String of(List<Growth> growths) {
        return new GrowthPicture().draw(growths);
    }

    private String draw(List<Growth> growths) {
        int rows = (growths.size() + 1) / 2;
        line(
                "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif' font-size='12'>",
                2 * PANEL_WIDTH, rows * PANEL_HEIGHT);
        line("<rect width='100%%' height='100%%' fill='white'/>");
        for (int i = 0; i < growths.size(); i++) {
            panel(growths.get(i), i % 2 * PANEL_WIDTH + LEFT, i / 2 * PANEL_HEIGHT + TOP);
        }
        line("</svg>");
        return svg.toString();
    }

    private void panel(Growth growth, int left, int top) {
        double max = growth.max() * 1.1;
        int bottom = top + PLOT_HEIGHT;
        line("<text x='%d' y='%d' font-weight='bold'>%s</text>", left, top - 40, growth.title());
        line(
                "<rect x='%d' y='%d' width='%d' height='%d' fill='none' stroke='#888'/>",
                left, top, PLOT_WIDTH, PLOT_HEIGHT);
        line("<text x='%d' y='%d' text-anchor='end'>%s</text>", left - 5, top + 10, Growth.text(max));
        line("<text x='%d' y='%d' text-anchor='end'>0</text>", left - 5, bottom);
        for (int i = 0; i < growth.counts().size(); i++) {
            line(
                    "<text x='%.1f' y='%d' text-anchor='middle'>%d</text>",
                    x(growth, left, i), bottom + 15, growth.counts().get(i));
        }
        line("<text x='%d' y='%d' text-anchor='middle'>%s</text>", left + PLOT_WIDTH / 2, bottom + 32, growth.things());
        for (int i = 0; i < growth.curves().size(); i++) {
            Curve curve = growth.curves().get(i);
            String colour = COLOURS.get(i);
            line("<text x='%d' y='%d' fill='%s'>%s</text>", left + i * 170, top - 22, colour, curve.name());
            StringBuilder points = new StringBuilder();
            for (int j = 0; j < curve.figures().size(); j++) {
                double y = bottom - curve.figures().get(j) / max * PLOT_HEIGHT;
                points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(growth, left, j), y));
                line("<circle cx='%.1f' cy='%.1f' r='3' fill='%s'/>", x(growth, left, j), y, colour);
            }
            line(
                    "<polyline points='%s' fill='none' stroke='%s'/>",
                    points.toString().strip(), colour);
        }
    }

    /** Returns where a count stands; each has the same distance from the next. */
    private static double x(Growth growth, int left, int number) {
        return left + (number + 0.5) * PLOT_WIDTH / growth.counts().size();
    }

    private void line(String format, Object... arguments) {
        svg.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}
