/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import io.clockbound.daemon.Signals;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A terminal that shows one picture after another in place of what was there, and what was there again when it is closed, however the
 * program ends. Keys are not echoed, and arrive one by one.
 */
final class Screen implements AutoCloseable {

    /** Where the terminal does not tell. */
    private static final Size USUAL = new Size(80, 24);

    private static final Pattern SIZE = Pattern.compile("(?<rows>[1-9][0-9]{0,3}) (?<columns>[1-9][0-9]{0,3})");

    private static final String ENTER = "\u001b[?1049h\u001b[?25l" + Terminal.CUT_LONG_LINES;
    private static final String LEAVE = Terminal.WRAP_LONG_LINES + "\u001b[?25h\u001b[?1049l";
    private static final String HOME = "\u001b[H";
    private static final String ERASE_LINE = "\u001b[K";
    private static final String ERASE_BELOW = "\u001b[J";

    private final PrintWriter out;
    private final Optional<String> modes;
    private final Thread restorer = new Thread(this::restore);
    private volatile Size size = USUAL;
    private boolean isRestored;

    /**
     * How large the terminal is.
     *
     * @param columns at least 1
     * @param rows at least 1
     */
    record Size(int columns, int rows) {}

    private Screen(PrintWriter out, Optional<String> modes) {
        this.out = out;
        this.modes = modes;
    }

    /**
     * Takes over the terminal.
     *
     * @param onKey is called for each key, on a thread of its own
     * @param onResize is called when the size is another one
     */
    static Screen open(PrintWriter out, IntConsumer onKey, Runnable onResize) {
        boolean hasKeys = Terminal.isStandardInput();
        Screen screen = new Screen(out, hasKeys ? stty("-g") : Optional.empty());
        Runtime.getRuntime().addShutdownHook(screen.restorer);
        if (screen.modes.isPresent()) {
            stty("-icanon", "-echo", "min", "1", "time", "0");
            Thread keys = new Thread(() -> passOn(onKey), "keys");
            keys.setDaemon(true);
            keys.start();
        }
        screen.measure();
        Signals.handle("WINCH", () -> {
            screen.measure();
            onResize.run();
        });
        out.print(ENTER);
        out.flush();
        return screen;
    }

    Size size() {
        return size;
    }

    /** Shows these lines, as many as fit. */
    void draw(List<String> lines) {
        StringBuilder frame = new StringBuilder(HOME);
        List<String> fitting = lines.subList(0, Math.min(lines.size(), size.rows));
        for (int i = 0; i < fitting.size(); i++) {
            frame.append(i == 0 ? "" : "\r\n").append(ERASE_LINE).append(fitting.get(i));
        }
        out.print(fitting.size() < size.rows ? frame.append("\r\n" + ERASE_BELOW) : frame);
        out.flush();
    }

    @Override
    public void close() {
        restore();
        Runtime.getRuntime().removeShutdownHook(restorer);
    }

    private synchronized void restore() {
        if (!isRestored) {
            isRestored = true;
            out.print(LEAVE);
            out.flush();
            modes.ifPresent(Screen::stty);
        }
    }

    private void measure() {
        size = stty("size")
                .map(SIZE::matcher)
                .filter(Matcher::matches)
                .map(told -> new Size(Integer.parseInt(told.group("columns")), Integer.parseInt(told.group("rows"))))
                .orElse(size);
    }

    private static void passOn(IntConsumer onKey) {
        try {
            for (int key = System.in.read(); key >= 0; key = System.in.read()) {
                onKey.accept(key);
            }
        } catch (IOException e) {
            // a terminal that is gone has no keys
        }
    }

    /** Runs stty on this terminal; empty where there is no such program, as in a container. */
    private static Optional<String> stty(String... arguments) {
        try {
            Process process = new ProcessBuilder(Stream.concat(Stream.of("stty"), Stream.of(arguments))
                            .toList())
                    .redirectInput(Redirect.from(new File("/dev/tty")))
                    .redirectError(Redirect.DISCARD)
                    .start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            return process.waitFor() == 0 ? Optional.of(text) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
