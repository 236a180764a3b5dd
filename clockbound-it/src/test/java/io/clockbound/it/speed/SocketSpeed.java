/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import io.clockbound.it.speed.LoadedServer.Clients;
import io.clockbound.it.speed.SpeedTable.Target;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Servers of one transport, with the same clients. */
final class SocketSpeed {

    static final String OURS = "ours";
    static final String C = "C";
    static final String PUBLISHED = "ClockBound 0.1.4";

    private static final int SETTLE_MILLIS = 100;

    private final String transport;
    private final SpeedEffort effort;
    private final Map<String, LoadedServer> servers = new LinkedHashMap<>();
    private final Map<Clients, Contest> contests = new EnumMap<>(Clients.class);

    SocketSpeed(String transport, SpeedEffort effort) {
        this.transport = transport;
        this.effort = effort;
        for (Clients clients : Clients.values()) {
            contests.put(clients, new Contest());
        }
    }

    SocketSpeed add(String name, LoadedServer server) {
        servers.put(name, server);
        contests.forEach(
                (clients, contest) -> contest.add(name, () -> server.ask(clients, SETTLE_MILLIS, effort.loadMillis())));
        return this;
    }

    /** Gives compilers the time to do their work. */
    void warmUp() throws Exception {
        for (LoadedServer server : servers.values()) {
            server.ask(Clients.FOUR, 0, effort.warmUpMillis());
        }
    }

    void round() throws Exception {
        for (Contest contest : contests.values()) {
            contest.round();
        }
    }

    /** Writes what came out: our rate or round trip by that of each other. */
    void report(SpeedTable table) {
        boolean isStream = transport.equals("stream");
        rate(table, Clients.ONE_ON_THE_SAME_PROCESSOR, C, Target.atLeast(isStream ? 0.93 : 0.85));
        roundTrip(table, C, isStream ? Target.NONE : Target.atMost(1.10));
        rate(table, Clients.FOUR, C, Target.NONE);
        if (!isStream) {
            rate(table, Clients.ONE_ON_THE_SAME_PROCESSOR, PUBLISHED, Target.atLeast(0.85));
            roundTrip(table, PUBLISHED, Target.atMost(1.05));
            rate(table, Clients.FOUR, PUBLISHED, Target.atLeast(0.80));
        }
    }

    private void rate(SpeedTable table, Clients clients, String other, Target target) {
        String what = transport + ", " + clients + ", requests";
        report(table, clients, what, other, Speed::perSecond, SpeedTable::rate, target);
    }

    private void roundTrip(SpeedTable table, String other, Target target) {
        Clients clients = Clients.ONE_ON_ANOTHER_PROCESSOR;
        String what = transport + ", " + clients + ", round trip";
        report(table, clients, what, other, Speed::medianNanos, SpeedTable::micros, target);
    }

    private void report(
            SpeedTable table,
            Clients clients,
            String what,
            String other,
            ToDoubleFunction<Speed> number,
            Function<Speed, String> text,
            Target target) {
        Contest contest = Objects.requireNonNull(contests.get(clients));
        String ours = text.apply(contest.median(OURS));
        if (!contest.has(other)) {
            table.add(SpeedTable.Row.notMeasured(what, ours, other, target));
            return;
        }
        String others = other + ": " + text.apply(contest.median(other));
        table.add(new SpeedTable.Row(what, ours, others, contest.ratio(OURS, other, number), target));
    }
}
