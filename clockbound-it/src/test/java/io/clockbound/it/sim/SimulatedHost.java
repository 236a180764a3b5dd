/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.sim;

import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import io.clockbound.spi.LeapStatus;
import io.clockbound.spi.ReferenceId;
import io.clockbound.testing.FakeErrorBoundProvider;
import io.clockbound.testing.FakeVmClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A simulated machine, its chronyd, the product on it, and what befalls them; all drawn from one seed. */
final class SimulatedHost {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant LEAP_DAY = Instant.parse("2026-12-31T23:00:00Z");
    private static final Instant LEAP = Instant.parse("2027-01-01T00:00:00Z");
    /** How many times more polls a machine lives that is polled seldom. */
    private static final int SLOW_POLLS = 4;

    /** No clock is wrong by more. */
    private static final double MAX_PPB = 100_000_000;

    private static final long MINIMUM_NANOS = 900 * Timeline.SECOND;

    final Timeline time;
    final ChronydSetup chronydSetup;
    final HostSetup setup;
    final SimulatedChronyd chronyd;
    final Verdict verdict = new Verdict(512);
    private final List<Reference> references = new ArrayList<>();
    private final Product product;
    private final Wire wire;
    private final Oracle oracle;
    private final Faults faults;
    private final List<Fault> possible = new ArrayList<>();
    private final double faultsPerSecond;
    private final long lengthNanos;
    private long nextPollNanos;
    private boolean isPolling;
    private boolean isUnvouched;
    private boolean isUnseen;

    /** When the bound was asked for whose drift the clock's frequency outruns. */
    private long outrunNanos = Long.MAX_VALUE;

    private boolean isFaultless = true;

    /**
     * Draws one. Files of the simulated machine go into a directory.
     *
     * @param polls how often the product polls, about
     */
    SimulatedHost(long seed, int polls, Path directory) throws IOException {
        this(new Timeline(seed, isLeap(seed) ? LEAP_DAY : START), seed, polls, directory);
    }

    private SimulatedHost(Timeline time, long seed, int polls, Path directory) throws IOException {
        this.time = time;
        boolean isSlow = seed % 4 == 0;
        chronydSetup = ChronydSetup.draw(time, isSlow);
        setup = HostSetup.draw(time, chronydSetup, isSlow);
        time.clock.readingCosts(Duration.ofNanos(setup.readingCostNanos()));
        drawReferences();
        oracle = new Oracle(time, setup);
        chronyd = new SimulatedChronyd(time, chronydSetup, references, oracle);
        oracle.watch(chronyd);
        wire = new Wire(time, chronyd);
        FakeErrorBoundProvider provider = new FakeErrorBoundProvider(ReferenceId.ofClock("PHC0"), hiddenNanos());
        boolean isTold = setup.knows() == HostSetup.Knowledge.PROVIDER;
        Path page = setup.hasVmClock() ? directory.resolve("vmclock-" + seed) : null;
        @Nullable FakeVmClock vmClock = page == null ? null : FakeVmClock.create(page, 0, 0);
        product = new Product(
                time,
                wire,
                setup,
                chronydSetup,
                references,
                isTold ? List.of(provider) : List.of(),
                page,
                setup.hasSegments() ? directory.resolve("shm-" + seed) : null);
        faults = new Faults(time, setup, chronyd, references, wire, product, provider, vmClock);
        faults.happen(Fault.FREQUENCY);
        time.clock.stepWallNanos(time.between(-1L, 1L) * time.logUniform(1_000, 1e9));
        wire.whileWaiting = this::read;
        long enoughNanos = isLeap(seed) ? 2 * Duration.between(LEAP_DAY, LEAP).toNanos() : MINIMUM_NANOS;
        lengthNanos = Math.max(
                enoughNanos,
                (isSlow ? SLOW_POLLS : 1L) * polls * setup.pollInterval().toNanos());
        drawFaults();
        faultsPerSecond = possible.isEmpty()
                ? 0
                : 1e9 * time.between(2L, 40L) / (lengthNanos / (isSlow ? (double) SLOW_POLLS : 1));
        if (isLeap(seed)) {
            announceLeap(time.random.nextBoolean() ? 1 : -1);
        }
    }

    private static boolean isLeap(long seed) {
        return seed % 16 == 7;
    }

    private void drawReferences() {
        int count = (int) time.between(1, 3);
        boolean hasClock = time.isOneIn(4);
        for (int i = 0; i < count; i++) {
            Reference reference = i == 0 && hasClock
                    ? Reference.clock(
                            time,
                            (double) time.logUniform(100, 10_000),
                            time.isOneIn(2) ? 0 : (double) time.logUniform(1_000, 100_000),
                            time.isOneIn(3) ? 0 : (double) time.logUniform(1_000, 100_000))
                    : Reference.server(
                            i,
                            NetworkPath.draw(time),
                            time.isOneIn(2) ? 0 : (double) time.logUniform(1_000, 20_000_000),
                            time.isOneIn(2) ? 0 : (double) time.logUniform(1_000, 1_000_000));
            reference.errAnew(time);
            references.add(reference);
        }
    }

    private long hiddenNanos() {
        return references.get(0).isClock() ? (long) Math.ceil(references.get(0).hiddenNanos) : 0;
    }

    /** One seed in five has no faults but those of the oscillator, the servers and their paths. */
    private void drawFaults() {
        possible.add(Fault.FREQUENCY);
        possible.add(Fault.SERVER_ERROR);
        possible.add(Fault.ASYMMETRY);
        if (time.isOneIn(5)) {
            return;
        }
        for (Fault fault : Fault.values()) {
            if (time.isOneIn(2) && !(fault == Fault.PROVIDER && setup.knows() == HostSetup.Knowledge.OPERATOR)) {
                possible.add(fault);
            }
        }
    }

    private void announceLeap(int insertedSeconds) {
        references.forEach(reference ->
                reference.leap = insertedSeconds > 0 ? LeapStatus.INSERT_SECOND : LeapStatus.DELETE_SECOND);
        long atNanos = Duration.between(LEAP_DAY, LEAP).toNanos() - (insertedSeconds > 0 ? 0 : Timeline.SECOND);
        chronyd.leapAnnouncedNanos = atNanos;
        time.after(atNanos, () -> {
            time.clock.leap(insertedSeconds);
            chronyd.leap(insertedSeconds);
            references.forEach(reference -> reference.leap = LeapStatus.NORMAL);
        });
    }

    /** Tells what happens, and what the product publishes after a moment. */
    void keepDiary(Consumer<String> page, double fromSeconds) {
        faults.diary = fault -> page.accept(at() + " " + fault);
        product.diary = outcome -> {
            if (1e-9 * time.nowNanos() >= fromSeconds) {
                page.accept(at() + " wall " + time.clock.wallErrorNanos() + " ns, correction "
                        + Math.round(chronyd.correctionNanos()) + " ns, oscillator " + faults.oscillatorPpb + " ppb: "
                        + outcome);
            }
        };
    }

    private String at() {
        return String.format(Locale.ROOT, "%.6f s", 1e-9 * time.nowNanos());
    }

    /** Lives to the end, then a while without faults, in which trust has to come back. */
    Verdict run() {
        chronyd.start(false);
        while (time.nowNanos() < lengthNanos) {
            step();
            befall();
        }
        time.clock.readUndisturbed();
        faults.end();
        long recoveredNanos = recover();
        if (recoveredNanos < 0) {
            verdict.notes.add("not synchronised again: " + product.lastDetail);
        }
        verdict.worlds = 1;
        verdict.seconds = 1e-9 * time.nowNanos();
        product.closeAll();
        return verdict;
    }

    /**
     * Returns how long it took to be synchronised without faults; negative when it took longer than the rules allow while
     * chronyd was synchronised, and reckoned with less than any clock is ever wrong by: one that forgets its steps takes them for
     * a frequency.
     */
    private long recover() {
        long startNanos = time.nowNanos();
        long sinceNanos = startNanos;
        // an update, one more, and two measurements after a disruption; a poll of ours for each
        long allowedNanos = 8 * (Timeline.SECOND << chronydSetup.maxPoll())
                + 8 * setup.pollInterval().toNanos()
                + 30 * Timeline.SECOND;
        while (time.nowNanos() - sinceNanos < allowedNanos && time.nowNanos() - startNanos < 4 * allowedNanos) {
            step();
            if (product.read().status() == ClockStatus.SYNCHRONIZED) {
                return time.nowNanos() - startNanos;
            }
            boolean isSynchronized = chronyd.isSynchronized()
                    && chronyd.updateIntervalNanos > 0
                    && chronyd.largestFrequencyPpb() < MAX_PPB;
            sinceNanos = isSynchronized ? sinceNanos : time.nowNanos();
        }
        return time.nowNanos() - sinceNanos >= allowedNanos ? -1 : time.nowNanos() - startNanos;
    }

    private void step() {
        long gapNanos = time.random.nextLong(setup.pollInterval().toNanos() / 2);
        long toPollNanos = nextPollNanos - time.nowNanos();
        if (toPollNanos <= gapNanos) {
            time.advance(Math.max(0, toPollNanos));
            long sinceNanos = product.boundAskedNanos;
            isPolling = true;
            nextPollNanos = product.poll() + time.nowNanos();
            isPolling = false;
            noteExcuses();
            isUnseen |= chronyd.isChangeHidden(sinceNanos);
            verdict.polls++;
        } else {
            time.advance(gapNanos);
        }
        read();
    }

    private void befall() {
        if (!time.is(faultsPerSecond * 0.25e-9 * setup.pollInterval().toNanos())) {
            return;
        }
        Fault fault = possible.get(time.random.nextInt(possible.size()));
        isFaultless &= fault.compareTo(Fault.ASYMMETRY) <= 0;
        if (time.random.nextBoolean()) {
            faults.happen(fault);
        } else if (fault != Fault.OUR_RESTART) {
            time.clock.beforeReading(1 + time.random.nextInt(24), () -> faults.happen(fault));
        }
        if (time.isOneIn(3)) {
            long lastsNanos = time.logUniform(1e9, 1000e9);
            time.after(lastsNanos, faults::end);
        }
    }

    private void read() {
        noteExcuses();
        long earliestNanos = time.clock.trueNanos();
        int way = time.random.nextInt(4);
        BoundedInstant now = way == 0 ? product.readOverProtocol() : way == 1 ? product.readSegment() : product.read();
        long latestNanos = time.clock.trueNanos();
        noteExcuses();
        if (now.status() == ClockStatus.DISRUPTED && product.boundStatus != ClockStatus.DISRUPTED && !isPolling) {
            nextPollNanos = Math.min(nextPollNanos, time.nowNanos()); // as the embedded clock does
        }
        verdict.readings++;
        if (!now.status().isTrusted()) {
            return;
        }
        verdict.trusted++;
        long missNanos = Math.max(now.earliestNanos() - latestNanos, earliestNanos - now.latestNanos());
        if (missNanos > 0) {
            miss(missNanos);
        } else {
            verdict.minimumMarginNanos = Math.min(verdict.minimumMarginNanos, -missNanos);
        }
        boolean isOrdinary = isFaultless && setup.pollInterval().toMillis() <= 1000 && !setup.isSlewRateStated();
        if (isOrdinary && now.status() == ClockStatus.SYNCHRONIZED) {
            verdict.width((now.latestNanos() - now.earliestNanos()) / 2.0 / oracle.halfWidthNanos());
        }
    }

    private void miss(long missNanos) {
        if (isUnvouched) {
            verdict.unvouched++;
        } else if (isUnseen || isExposed()) {
            verdict.exposed++;
        } else {
            verdict.missed++;
            verdict.worstNanos = Math.max(verdict.worstNanos, missNanos);
            if (verdict.notes.isEmpty()) {
                verdict.notes.add("missed by " + missNanos + " ns after " + 1e-9 * time.nowNanos() + " s");
            }
        }
    }

    /**
     * Tells whether an update since the last bound moves the clock as no reply has shown: by a slew, unless the operator said how
     * fast it can be, or by a frequency that outruns the drift but for that slew.
     */
    private boolean isExposed() {
        return chronydSetup.isDisciplining()
                && Math.max(chronyd.updatedNanos, chronyd.sinceChangeNanos) >= product.boundAskedNanos
                && (!setup.isSlewRateStated() || outrunNanos == product.boundAskedNanos);
    }

    /**
     * Notes what the product cannot see and {@code docs/BOUND.md} says so: an oscillator farther from what chronyd reckons with
     * than chronyd states and the operator vouches for; what was done by hand, or forgotten, between two polls. That can spoil what
     * is carried over, until nothing is.
     */
    private void noteExcuses() {
        if (!product.boundStatus.isTrusted()) {
            isUnvouched = false;
            isUnseen &= chronyd.isForgotten(Long.MIN_VALUE);
        }
        if (chronyd.isRunning() && chronyd.followed != null) {
            double away = Math.abs(faults.oscillatorPpb - chronyd.frequencyPpb());
            isUnvouched |= away > setup.maxClockErrorPpb() + chronyd.skewPpb + Math.abs(chronyd.residualPpb);
            isUnseen |= chronyd.isChangeHidden(product.boundAskedNanos);
            if (away > product.boundDriftPpb - chronydSetup.maxSlewPpb()) {
                outrunNanos = product.boundAskedNanos;
            }
        }
    }

    /** Returns what it is, for one who looks into a miss. */
    String describe() {
        return setup + ", " + chronydSetup + ", " + references.size() + " sources, " + possible;
    }
}
