/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.soak;

import io.clockbound.LocalClock;
import io.clockbound.it.Reading;
import io.clockbound.it.truth.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What came of a soak.
 *
 * @param events how often each thing happened
 * @param happened when something happened, in seconds since the start, in order
 * @param slowestSeconds how long it took at most until all clients were synchronised again after each
 * @param samples one about every second
 * @param verdicts one for each client
 * @param failure what ended it too early; empty when nothing did
 */
record Soak(
        Map<SoakEvent, Integer> events,
        List<Double> happened,
        Map<SoakEvent, Double> slowestSeconds,
        List<SoakSample> samples,
        List<Verdict> verdicts,
        String failure) {

    private static final Duration CALM = Duration.ofSeconds(5);
    private static final int MIN_EVENT_SECONDS = 1;
    private static final int MAX_EVENT_SECONDS = 12;

    /** Lets things happen for so long; the same seed lets the same things happen. */
    static Soak of(Duration length, long seed, Path directory) throws Exception {
        try (SoakStage stage = new SoakStage(directory)) {
            Soak soak = new Soak(
                    new EnumMap<>(SoakEvent.class),
                    new ArrayList<>(),
                    new EnumMap<>(SoakEvent.class),
                    new ArrayList<>(),
                    List.of(),
                    "");
            String failure = "";
            try {
                soak.run(length, new Random(seed), stage);
            } catch (AssertionError e) { // not synchronised again in time
                failure = String.valueOf(e.getMessage());
            }
            return new Soak(soak.events, soak.happened, soak.slowestSeconds, soak.samples, stage.verdicts(), failure);
        }
    }

    private void run(Duration length, Random random, SoakStage stage) throws Exception {
        LocalClock clock = LocalClock.system();
        stage.awaitSynchronized();
        long startNanos = clock.monotonicNanos();
        List<SoakEvent> due = new ArrayList<>();
        while (clock.monotonicNanos() - startNanos < length.toNanos()) {
            calm(stage, clock, startNanos);
            if (due.isEmpty()) { // each once before any happens again
                due.addAll(List.of(SoakEvent.values()));
            }
            SoakEvent event = due.remove(random.nextInt(due.size()));
            happened.add(secondsSince(startNanos, clock));
            int seconds = MIN_EVENT_SECONDS + random.nextInt(MAX_EVENT_SECONDS);
            stage.happen(event, Duration.ofSeconds(seconds), random);
            long endNanos = clock.monotonicNanos();
            stage.awaitSynchronized();
            events.merge(event, 1, Integer::sum);
            slowestSeconds.merge(event, secondsSince(endNanos, clock), Math::max);
        }
        calm(stage, clock, startNanos);
    }

    private void calm(SoakStage stage, LocalClock clock, long startNanos) throws Exception {
        for (int second = 0; second < CALM.toSeconds(); second++) {
            stage.reader().observeFor(Duration.ofSeconds(1));
            List<Reading> readings = stage.reader().readings();
            Reading last = readings.get(readings.size() - 1);
            samples.add(SoakSample.of(secondsSince(startNanos, clock), stage.daemon(), last));
        }
    }

    private static double secondsSince(long startNanos, LocalClock clock) {
        return (clock.monotonicNanos() - startNanos) / 1e9;
    }

    boolean isGood() {
        return failure.isEmpty() && verdicts.stream().allMatch(verdict -> verdict.misses() == 0);
    }
}
