/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.sim;

import io.clockbound.testing.FakeErrorBoundProvider;
import io.clockbound.testing.FakeVmClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes faults happen to a simulated machine, and ends those that last. */
final class Faults {

    private final Timeline time;
    private final HostSetup setup;
    private final SimulatedChronyd chronyd;
    private final List<Reference> references;
    private final Wire wire;
    private final Product product;
    private final FakeErrorBoundProvider provider;
    private final @Nullable FakeVmClock vmClock;
    private long markers;
    private long steppedNanos = Long.MIN_VALUE / 2;

    /** Is told what happens. */
    Consumer<String> diary = words -> {};

    /** The frequency of the oscillator. */
    long oscillatorPpb;

    Faults(
            Timeline time,
            HostSetup setup,
            SimulatedChronyd chronyd,
            List<Reference> references,
            Wire wire,
            Product product,
            FakeErrorBoundProvider provider,
            @Nullable FakeVmClock vmClock) {
        this.time = time;
        this.setup = setup;
        this.chronyd = chronyd;
        this.references = references;
        this.wire = wire;
        this.product = product;
        this.provider = provider;
        this.vmClock = vmClock;
    }

    void happen(Fault fault) {
        Reference one = references.get(time.random.nextInt(references.size()));
        diary.accept(fault.toString());
        switch (fault) {
            case FREQUENCY -> changeFrequency();
            case SERVER_ERROR -> one.errAnew(time);
            case ASYMMETRY -> one.path.lengthen(time.logUniform(10_000, 50_000_000), time.random.nextBoolean());
            case LOSS -> one.path.lose(time.between(0.1, 0.9));
            case SILENT_SERVER -> one.isAnswering = false;
            case KILL -> die(chronyd::kill);
            case STOP -> die(chronyd::stop);
            case HANG -> hang();
            case STEP_BY_HAND -> ifRunning(chronyd::stepByHand);
            case OFFSET_BY_HAND -> ifRunning(() -> chronyd.offsetByHand(signed(time.logUniform(10_000, 500_000_000))));
            case RESET -> ifRunning(chronyd::reset);
            case STEP -> ifStarted(this::step);
            case SUSPEND -> ifStarted(this::suspend);
            case SNAPSHOT -> ifStarted(this::restoreSnapshot);
            case PAUSE -> time.advance(time.logUniform(1_000, 50_000_000));
            case WIRE -> wire.trouble = time.between(0.05, 0.9);
            case PROVIDER -> changeProvider();
            case OUR_RESTART -> restartProduct();
        }
    }

    /** Ends what lasts; the oscillator, errors of servers and what chronyd believes stay. */
    void end() {
        for (Reference reference : references) {
            reference.path.heal();
            reference.isAnswering = true;
        }
        wire.trouble = 0;
        if (provider != null) {
            provider.tell(hiddenNanos());
        }
        if (!chronyd.isRunning()) {
            chronyd.start(false);
        }
    }

    private void changeFrequency() {
        long halfRange = setup.rangePpb() / 2;
        long away = time.isOneIn(3) ? time.between(-halfRange, halfRange) : signed(halfRange);
        oscillatorPpb = setup.centrePpb() + away;
        time.clock.oscillateAt(oscillatorPpb);
    }

    private void die(Runnable end) {
        if (chronyd.isRunning()) {
            boolean isInOrder = time.random.nextBoolean();
            end.run();
            long deadNanos = time.logUniform(100_000_000, 60e9);
            boolean areSamplesKept = isInOrder && chronyd.setup.hasDump();
            time.after(deadNanos, () -> {
                if (!chronyd.isRunning()) {
                    chronyd.start(areSamplesKept);
                }
            });
        }
    }

    private void hang() {
        if (chronyd.isRunning() && !chronyd.isHanging()) {
            chronyd.hang(time.logUniform(10_000_000, 30e9));
        }
    }

    /** A step before the product has looked at the clocks is a documented exposure. */
    private void ifStarted(Runnable action) {
        if (product.hasPolled()) {
            action.run();
        }
    }

    private void ifRunning(Runnable action) {
        if (chronyd.isRunning() && !chronyd.isHanging()) {
            action.run();
        }
    }

    private void step() {
        // one that no reading notices, and chronyd slews away before the next poll, is a documented exposure
        double minimum = chronyd.setup.isDisciplining() ? 5_000_000 : 1_000;
        time.clock.stepWallNanos(signed(time.logUniform(minimum, 100e9)));
        steppedNanos = time.nowNanos();
    }

    private void suspend() {
        chronyd.suspend(time.logUniform(5_000_000, 100e9), true);
        steppedNanos = time.nowNanos();
    }

    private void restoreSnapshot() {
        if (vmClock == null) {
            return;
        }
        chronyd.suspend(time.logUniform(1_000_000, 1000e9), false);
        steppedNanos = time.nowNanos();
        markers++;
        try {
            boolean isMarker = time.random.nextBoolean();
            vmClock.set(isMarker ? markers : 0, isMarker ? 0 : markers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void changeProvider() {
        if (time.isOneIn(3)) {
            provider.fail("device blocked");
            return;
        }
        for (Reference reference : references) {
            if (reference.isClock()) {
                // a worse one is a switch of source
                reference.hiddenNanos = Math.min(reference.hiddenNanos, (double) time.logUniform(100, 100_000));
                reference.errAnew(time);
            }
        }
        provider.tell(hiddenNanos());
    }

    private long hiddenNanos() {
        return references.stream()
                .filter(Reference::isClock)
                .mapToLong(reference -> (long) Math.ceil(reference.hiddenNanos))
                .findFirst()
                .orElse(0);
    }

    /** What happened to the clock before the product started, and chronyd does not know yet, is a documented exposure. */
    private void restartProduct() {
        boolean isMeasuredSince = chronyd.followed != null
                && chronyd.followed.samples.size() > 0
                && chronyd.followed.samples.newest().atNanos() > Math.max(steppedNanos, chronyd.leapAtNanos());
        boolean canKnow = !chronyd.setup.losesSteps() && !chronyd.setup.losesFrequency();
        boolean isHandled = chronyd.sinceChangeNanos <= chronyd.updatedNanos;
        if (isMeasuredSince && canKnow && isHandled && chronyd.isRunning()) {
            product.restart();
        }
    }

    private long signed(long nanos) {
        return time.random.nextBoolean() ? nanos : -nanos;
    }
}
