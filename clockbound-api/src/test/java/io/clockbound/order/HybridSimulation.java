/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.order;

import io.clockbound.ClockNotTrustedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Writes and snapshot reads of a store that is spread over several hosts, drawn from one seed, with a hybrid clock on each host and no waits. */
final class HybridSimulation {

    /** What a read does about a version of which it cannot tell. */
    enum Uncertain {
        RESTART,
        IGNORE
    }

    private static final int HOSTS = 5;
    private static final int CLIENTS = 4;
    private static final int REGISTERS = 8;

    private final VirtualTime time;
    private final Uncertain uncertain;
    private final List<SimulatedHost> hosts;
    private final Map<SimulatedHost, HybridClock> clocks = new HashMap<>();
    private final List<Register> registers = new ArrayList<>();

    final List<Read> reads = new ArrayList<>();
    int writes;
    int restarts;
    int refusedForTrust;
    int refusedAsFuture;
    int ahead;

    HybridSimulation(long seed, Uncertain uncertain, double lie) {
        this.time = new VirtualTime(seed);
        this.uncertain = uncertain;
        this.hosts = time.hosts(HOSTS, lie);
        for (SimulatedHost host : hosts) {
            clocks.put(host, new HybridClock(host));
        }
        for (int i = 0; i < REGISTERS; i++) {
            registers.add(new Register(hosts.get(i % HOSTS), new ArrayList<>()));
        }
        for (int i = 0; i < HOSTS * CLIENTS; i++) {
            SimulatedHost host = hosts.get(i % HOSTS);
            time.soon(host, latency(), () -> go(host));
        }
    }

    void run(int wantedReads) {
        while (reads.size() < wantedReads) {
            time.run(1_000);
        }
    }

    int misses() {
        return hosts.stream().mapToInt(host -> host.misses).sum();
    }

    /** Returns what reads did not see although it was written before they began, or is below their timestamp. */
    List<String> stale() {
        List<String> stale = new ArrayList<>();
        for (Read read : reads) {
            read.seen.forEach((register, seen) -> register.versions.stream()
                    .filter(version -> seen.isBefore(version.timestamp))
                    .filter(version -> version.writtenNanos < read.beganNanos
                            || version.timestamp.epochNanos() <= read.interval.atNanos())
                    .forEach(version -> stale.add(
                            read.interval + " begun at " + read.beganNanos + " saw " + seen + ", not " + version)));
        }
        return stale;
    }

    private long latency() {
        return time.logUniform(10 * VirtualTime.MICRO, VirtualTime.MILLI);
    }

    private HybridClock of(SimulatedHost host) {
        return Objects.requireNonNull(clocks.get(host));
    }

    private void go(SimulatedHost client) {
        Register register = registers.get(time.random.nextInt(REGISTERS));
        boolean isBegun = time.random.nextBoolean()
                ? attempt(
                        () -> write(client, register, issued(client, of(client).next())))
                : attempt(() -> look(new Read(time.nowNanos(), of(client).read(), new HashMap<>()), client));
        time.soon(client, isBegun ? VirtualTime.MILLI : 20 * VirtualTime.MILLI, () -> go(client));
    }

    private void write(SimulatedHost client, Register register, HybridTimestamp sent) {
        time.soon(
                register.home,
                latency(),
                () -> attempt(() -> {
                    HybridTimestamp written =
                            issued(register.home, of(register.home).receive(sent));
                    register.versions.add(new Version(written, time.nowNanos()));
                    writes++;
                    time.soon(
                            client,
                            latency(),
                            () -> attempt(() -> issued(client, of(client).receive(written))));
                }));
    }

    /** Looks at one register after the other until three were seen. */
    private void look(Read read, SimulatedHost client) {
        if (read.seen.size() == 3) {
            time.soon(client, latency(), () -> reads.add(read));
            return;
        }
        Register register = registers.get(time.random.nextInt(REGISTERS));
        time.soon(
                register.home,
                latency(),
                () -> attempt(() -> {
                    issued(register.home, of(register.home).receive(read.interval.at()));
                    look(register.lookedAtBy(read), client);
                }));
    }

    /** Does something that the clock can refuse, after which it is not gone on with. */
    private boolean attempt(Runnable work) {
        try {
            work.run();
            return true;
        } catch (ClockNotTrustedException e) {
            refusedForTrust++;
        } catch (FutureTimestampException e) {
            refusedAsFuture++;
        }
        return false;
    }

    private HybridTimestamp issued(SimulatedHost host, HybridTimestamp timestamp) {
        ahead += timestamp.epochNanos() > host.trueNanos() ? 1 : 0;
        return timestamp;
    }

    private record Version(HybridTimestamp timestamp, long writtenNanos) {}

    private record Read(long beganNanos, ReadInterval interval, Map<Register, HybridTimestamp> seen) {}

    private final class Register {
        private final SimulatedHost home;
        private final List<Version> versions;

        Register(SimulatedHost home, List<Version> versions) {
            this.home = home;
            this.versions = versions;
        }

        Read lookedAtBy(Read read) {
            for (int i = versions.size() - 1; i >= 0; i--) {
                HybridTimestamp version = versions.get(i).timestamp;
                switch (read.interval.sees(version)) {
                    case YES -> {
                        read.seen.put(this, version);
                        return read;
                    }
                    case NO -> {}
                    case CANNOT_SAY -> {
                        if (uncertain == Uncertain.RESTART) {
                            restarts++;
                            return new Read(read.beganNanos, read.interval.restartedAt(version), new HashMap<>());
                        }
                    }
                }
            }
            read.seen.put(this, new HybridTimestamp(0));
            return read;
        }
    }
}
