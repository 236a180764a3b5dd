/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import io.clockbound.it.DaemonProcess;
import io.clockbound.it.speed.SpeedTable.Cell;
import io.clockbound.it.speed.SpeedTable.Cell.Measured;
import io.clockbound.it.speed.SpeedTable.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Daemons that poll side by side: of each runtime one whose chronyd follows one server, and one whose follows several. */
final class PollSpeed {

    private static final long POLL_INTERVAL_MILLIS = 100;

    /** How many rounds' time the daemons have at first, to compile what they do. */
    private static final int WARM_UP_ROUNDS = 6;

    private final SpeedEffort effort;
    private final int servers;
    private final Map<JavaRuntime, Polls> ofOne = new LinkedHashMap<>();
    private final Map<JavaRuntime, Polls> ofSeveral = new LinkedHashMap<>();

    PollSpeed(int servers, SpeedEffort effort) {
        this.servers = servers;
        this.effort = effort;
    }

    /** What a daemon took for a poll in each round. */
    private record Polls(long pid, List<Double> nanos) {

        void addSince(ThreadTimes before, double polls) throws IOException {
            nanos.add(ThreadTimes.of(pid).nanosSince(before) / polls);
        }

        double median() {
            return Speed.median(nanos.stream().mapToDouble(Double::doubleValue).toArray());
        }
    }

    /** Adds the daemons of a runtime, which poll as often as they do by default. */
    void add(JavaRuntime runtime, DaemonProcess one, DaemonProcess several) {
        ofOne.put(runtime, new Polls(one.pid(), new ArrayList<>()));
        ofSeveral.put(runtime, new Polls(several.pid(), new ArrayList<>()));
    }

    /** Watches all of them at the same time, after they had time to warm up. */
    void measure() throws IOException, InterruptedException {
        TimeUnit.MILLISECONDS.sleep((long) WARM_UP_ROUNDS * effort.pollMillis());
        for (int i = 0; i < effort.rounds(); i++) {
            round();
        }
    }

    private void round() throws IOException, InterruptedException {
        List<Polls> all = new ArrayList<>(ofOne.values());
        all.addAll(ofSeveral.values());
        List<ThreadTimes> before = new ArrayList<>();
        for (Polls polls : all) {
            before.add(ThreadTimes.of(polls.pid()));
        }
        long beganNanos = System.nanoTime();
        TimeUnit.MILLISECONDS.sleep(effort.pollMillis());
        double count = (System.nanoTime() - beganNanos) / (POLL_INTERVAL_MILLIS * 1e6);
        for (int i = 0; i < all.size(); i++) {
            all.get(i).addSince(before.get(i), count);
        }
    }

    void report(SpeedTable table) {
        table.add(
                "a poll, processor time, " + servers + " servers by 1",
                "",
                List.copyOf(ofOne.keySet()),
                runtime -> cell(
                        Objects.requireNonNull(ofSeveral.get(runtime)), Objects.requireNonNull(ofOne.get(runtime))));
    }

    private static Cell cell(Polls several, Polls one) {
        double[] ratios = new double[one.nanos().size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = several.nanos().get(i) / one.nanos().get(i);
        }
        String absolute = String.format(Locale.ROOT, "%.0f by %.0f µs", several.median() / 1e3, one.median() / 1e3);
        return new Measured(absolute, Figure.of(ratios), Target.NONE);
    }
}
