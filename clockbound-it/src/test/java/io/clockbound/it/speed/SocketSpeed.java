/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import io.clockbound.it.speed.JavaRuntime.Door;
import io.clockbound.it.speed.LoadedServer.Clients;
import io.clockbound.it.speed.SpeedTable.Cell.Measured;
import io.clockbound.it.speed.SpeedTable.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Servers of one transport, with the same clients. */
final class SocketSpeed {

    static final String C = "C";
    static final String PUBLISHED = "ClockBound 0.1.4";

    private static final int SETTLE_MILLIS = 100;

    private final String transport;
    private final SpeedEffort effort;
    private final List<Door> doors = new ArrayList<>();
    private final Map<String, LoadedServer> servers = new LinkedHashMap<>();
    private final Map<Clients, Contest> contests = new EnumMap<>(Clients.class);

    SocketSpeed(String transport, SpeedEffort effort) {
        this.transport = transport;
        this.effort = effort;
        for (Clients clients : Clients.values()) {
            contests.put(clients, new Contest());
        }
    }

    /** Adds one of ours. */
    void add(Door door, LoadedServer server) {
        doors.add(door);
        add(door.toString(), server);
    }

    /** Adds one to be compared with. */
    void add(String name, LoadedServer server) {
        servers.put(name, server);
        contests.forEach(
                (clients, contest) -> contest.add(name, () -> server.ask(clients, SETTLE_MILLIS, effort.loadMillis())));
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

    /** Writes what came out: our rate, round trip or processor time by that of each other. */
    void report(SpeedTable table) throws IOException, InterruptedException {
        boolean isStream = transport.equals("stream");
        Function<Door, Target> none = door -> Target.NONE;
        rate(table, Clients.ONE_ON_THE_SAME_PROCESSOR, C, isStream ? SocketSpeed::streamTarget : SocketSpeed::target);
        roundTrip(table, C, isStream ? none : door -> Target.atMost(1.05));
        rate(table, Clients.FOUR, C, none);
        Clients one = Clients.ONE_ON_THE_SAME_PROCESSOR;
        report(table, one, "processor time of a request, server", C, Speed::serverNanos, SpeedTable::serverTime, none);
        report(
                table,
                one,
                "processor time of a request, both",
                C,
                Speed::processorNanos,
                SpeedTable::processorTime,
                none);
        if (!isStream) {
            rate(table, Clients.ONE_ON_THE_SAME_PROCESSOR, PUBLISHED, door -> Target.atLeast(0.85));
            roundTrip(table, PUBLISHED, door -> Target.atMost(door.isForeign() ? 1.02 : 1.05));
            rate(table, Clients.FOUR, PUBLISHED, door -> Target.atLeast(0.80));
        }
        bytes(table, isStream ? "clockbound-stream-single" : "clockbound-datagram");
    }

    private static Target target(Door door) {
        return Target.atLeast(door.isForeign() ? 0.96 : 0.85);
    }

    private static Target streamTarget(Door door) {
        return Target.atLeast(door.runtime().hasForeignFunctions() ? 0.95 : 0.85);
    }

    private void rate(SpeedTable table, Clients clients, String other, Function<Door, Target> target) {
        report(table, clients, "requests", other, Speed::perSecond, SpeedTable::rate, target);
    }

    private void roundTrip(SpeedTable table, String other, Function<Door, Target> target) {
        Clients clients = Clients.ONE_ON_ANOTHER_PROCESSOR;
        report(table, clients, "round trip", other, Speed::medianNanos, SpeedTable::micros, target);
    }

    private void report(
            SpeedTable table,
            Clients clients,
            String measure,
            String other,
            ToDoubleFunction<Speed> number,
            Function<Speed, String> text,
            Function<Door, Target> target) {
        Contest contest = Objects.requireNonNull(contests.get(clients));
        String what = transport + ", " + clients + ", " + measure;
        if (!contest.has(other)) {
            table.addNotMeasured(what, other);
            return;
        }
        table.add(
                what,
                other + ": " + text.apply(contest.median(other)),
                doors,
                door -> new Measured(
                        text.apply(contest.median(door.toString())),
                        contest.ratio(door.toString(), other, number),
                        target.apply(door)));
    }

    private void bytes(SpeedTable table, String thread) throws IOException, InterruptedException {
        Map<Door, Figure> bytes = new LinkedHashMap<>();
        for (Door door : doors) {
            LoadedServer server = Objects.requireNonNull(servers.get(door.toString()));
            double each = server.bytesPerRequest(thread, effort.warmUpMillis());
            bytes.put(door, Figure.of(Math.rint(each))); // a connection takes something too
        }
        table.add(
                transport + ", bytes allocated for a request",
                "",
                doors,
                door -> new Measured("", Objects.requireNonNull(bytes.get(door)), Target.NONE));
    }
}
