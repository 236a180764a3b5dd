/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.LocalClock;
import io.clockbound.daemon.ExitCode;
import io.clockbound.daemon.Signals;
import io.clockbound.daemon.config.DurationText;
import io.clockbound.daemon.config.Version;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows the clock repeatedly. */
@Command(
        name = "watch",
        description = {
            "Shows the bound over time, its terms, the sources and the changes of the status with their reasons,"
                    + " until q or Ctrl-C.",
            "Writes a line for each reading when standard output is not a terminal, or with --json; exits with 0, whether"
                    + " the clock is trusted or not."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class WatchCommand implements Callable<Integer> {

    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(1);

    @Mixin
    private final ClientOptions client = new ClientOptions();

    @Mixin
    private final Output output = new Output();

    @Option(names = "--count", paramLabel = "N", description = "End after N readings.")
    private long count = Long.MAX_VALUE;

    @Option(
            names = "--interval",
            paramLabel = "TIME",
            defaultValue = "1s",
            converter = DurationText.class,
            description = "Time between two readings. Default: ${DEFAULT-VALUE}.")
    private Duration interval = Duration.ofSeconds(1);

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (count < 1) {
            throw new ParameterException(spec.commandLine(), "--count must be at least 1");
        }
        if (interval.compareTo(SHORTEST_INTERVAL) < 0) {
            throw new ParameterException(spec.commandLine(), "--interval must be at least 1ms");
        }
        try (BoundedClock clock = client.connect()) {
            if (Terminal.isStandardOutput() && !output.isJson) {
                show(clock);
            } else {
                write(clock);
            }
            return ExitCode.OK;
        }
    }

    private void write(BoundedClock clock) throws IOException, InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        Signals.handle("INT", interrupted::countDown);
        LocalClock local = LocalClock.system();
        for (long i = 0; i < count; i++) {
            if (i > 0 && interrupted.await(interval.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
            long wallBeforeNanos = local.epochNanos();
            BoundedInstant now = clock.read();
            long wallAfterNanos = local.epochNanos();
            Map<String, Object> fields = Output.fields(now);
            // by these the interval is judged: it need not lie around the wall clock
            fields.put("wall_before_epoch_ns", wallBeforeNanos);
            fields.put("wall_after_epoch_ns", wallAfterNanos);
            if (now.status().isTrusted()) {
                output.write(Output.line(now), fields);
            } else {
                CtlException why = client.whyNotTrusted(clock);
                fields.putAll(why.fields());
                output.write(StatusSummary.second(wallAfterNanos) + "  " + why.getMessage(), fields);
            }
        }
    }

    private void show(BoundedClock clock) throws InterruptedException {
        BlockingQueue<Event> events = new LinkedBlockingQueue<>();
        Signals.handle("INT", () -> events.add(Event.END));
        WatchPicture picture = new WatchPicture(clock.description(), interval);
        try (Screen screen = Screen.open(
                spec.commandLine().getOut(),
                key -> events.add(isEnd(key) ? Event.END : Event.REDRAW),
                () -> events.add(Event.REDRAW))) {
            LocalClock local = LocalClock.system();
            for (long i = 0; i < count; i++) {
                picture.note(clock.read(), local.instant());
                noteStatus(picture);
                draw(screen, picture);
                long nextNanos = local.monotonicNanos() + interval.toNanos();
                for (Event event = next(events, local, nextNanos);
                        event != null;
                        event = next(events, local, nextNanos)) {
                    if (event == Event.END) {
                        return;
                    }
                    draw(screen, picture);
                }
            }
        }
    }

    /** What comes between two readings. */
    private enum Event {
        REDRAW,
        END
    }

    /** Returns what comes before a monotonic time; null when nothing does. */
    private static @Nullable Event next(BlockingQueue<Event> events, LocalClock local, long untilNanos)
            throws InterruptedException {
        return events.poll(Math.max(0, untilNanos - local.monotonicNanos()), TimeUnit.NANOSECONDS);
    }

    private static boolean isEnd(int key) {
        return key == 'q' || key == 'Q';
    }

    private static void draw(Screen screen, WatchPicture picture) {
        Screen.Size size = screen.size();
        screen.draw(picture.lines(size.columns(), size.rows()));
    }

    /** A daemon whose segment alone can be read tells its bound, and nothing else. */
    private void noteStatus(WatchPicture picture) {
        try {
            picture.note(new Report(client.report()));
        } catch (IOException e) {
            picture.noteFailure(String.valueOf(e.getMessage()));
        }
    }
}
