/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import io.clockbound.spi.ReferenceId;
import io.clockbound.testing.FakeErrorBoundProvider;
import io.clockbound.testing.SimulatedClock;
import io.clockbound.testing.SimulatedReference;
import io.clockbound.testing.SimulatedSource;
import io.clockbound.testing.SimulatedSource.Setup;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** A machine, its daemon and a tracker that polls it, all drawn from one seed, under the blows of fate. */
final class SimulatedWorld {

    /** What can befall the machine at any instant. */
    enum Fate {
        /** The oscillator changes its frequency, as far as the daemon's belief and the max clock error allow. */
        WANDER,
        /** The reference errs otherwise than before. */
        NEW_ERROR,
        STEP,
        SUSPEND,
        DESCHEDULE,
        KILL,
        STOP,
        RESTART,
        /** The daemon takes its time to answer, or dies over it. */
        HANG,
        LOSE_REFERENCE,
        REGAIN_REFERENCE,
        PROVIDER_FAILS,
        PROVIDER_TELLS
    }

    private static final long SECOND = 1_000_000_000;
    private static final ReferenceId PHC = ReferenceId.ofClock("PHC0");

    final Random random;
    final SimulatedClock clock;
    final SimulatedSource source;
    final ErrorBoundTracker tracker;
    final Setup setup;
    private final List<Fate> fates;
    private final FakeErrorBoundProvider provider;
    private final long distanceNanos;
    private final long readingGapNanos;
    private final boolean isSlewRateGiven;
    private long hiddenNanos;
    private long nextPollNanos;
    private long repliedNanos;

    int trusted;
    int missed;
    long worstNanos;

    SimulatedWorld(long seed, Instant start, List<Fate> fates) {
        this.random = new Random(seed);
        this.fates = fates;
        clock = new SimulatedClock(start);
        clock.readingCosts(Duration.ofNanos(random.nextBoolean() ? 0 : 25));
        distanceNanos = logUniform(1_000, 20_000_000);
        setup = new Setup(
                random.nextBoolean(),
                between(-100_000, 100_000),
                logUniform(10, 10_000),
                logUniform(100, 50_000),
                random.nextBoolean() ? Long.MAX_VALUE : logUniform(100_000_000, SECOND),
                Duration.ofNanos(logUniform(SECOND / 8, 32 * SECOND)));
        hiddenNanos = fates.contains(Fate.PROVIDER_TELLS) ? 100_000 : 0;
        provider = new FakeErrorBoundProvider(PHC, hiddenNanos);
        source = new SimulatedSource(clock, setup, new SimulatedReference(PHC, 0, distanceNanos, hiddenNanos));
        clock.oscillateAt(setup.frequencyPpb());
        clock.stepWallNanos(between(-1, 1) * logUniform(1_000, SECOND));
        // a step that was forgotten between two polls, after one that was not, leaves no trace
        Duration pollInterval = isForgetful()
                ? Duration.ofMillis(100)
                : List.of(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(10))
                        .get(random.nextInt(3));
        readingGapNanos = pollInterval.toNanos() / 4;
        isSlewRateGiven = random.nextBoolean();
        BoundSettings settings = BoundSettings.DEFAULTS
                .withMaxClockErrorPpb(setup.maxClockErrorPpb())
                .withPollInterval(pollInterval)
                .withHoldover(Duration.ofSeconds(60));
        tracker = new ErrorBoundTracker(
                clock,
                source,
                List.of(provider),
                isSlewRateGiven ? settings.withMaxSlewRatePpb(SimulatedSource.MAX_SLEW_PPB) : settings,
                poll -> {});
        source.duringPoll(this::takeTime, () -> {
            repliedNanos = clock.elapsedNanos();
            source.advanceNanos(logUniform(1_000, 1_000_000));
            befall(0.1);
        });
    }

    /** Tells whether the daemon may not step the clock and forgets that it wanted to, as chronyd before 4.7 does. */
    boolean isForgetful() {
        return !setup.isDisciplining() && setup.stepThresholdNanos() != Long.MAX_VALUE;
    }

    /** Reads so many times, and polls when it is time to. */
    void run(int readings) {
        for (int i = 0; i < readings; i++) {
            step(random.nextLong(2 * readingGapNanos));
        }
    }

    /** Reads, and polls when it is time to, until true time is exactly that. */
    void runUntil(Instant trueTime) {
        long endNanos = BoundedInstant.epochNanos(trueTime);
        while (clock.trueNanos() < endNanos) {
            step(Math.min(random.nextLong(2 * readingGapNanos), endNanos - clock.trueNanos()));
        }
    }

    private void step(long gapNanos) {
        long toPollNanos = nextPollNanos - clock.elapsedNanos();
        if (toPollNanos <= gapNanos) {
            source.advanceNanos(Math.max(0, toPollNanos));
            poll();
        } else {
            source.advanceNanos(gapNanos);
        }
        befall(0.02);
        read();
    }

    void poll() {
        nextPollNanos = clock.elapsedNanos() + tracker.poll().toNanos();
    }

    void read() {
        long earliestNanos = clock.trueNanos();
        BoundedInstant now = tracker.current().read(clock);
        long latestNanos = clock.trueNanos();
        if (now.status() == ClockStatus.DISRUPTED && tracker.current().status() != ClockStatus.DISRUPTED) {
            nextPollNanos = clock.elapsedNanos(); // as the embedded clock does
        }
        if (now.status().isTrusted() && !isExposed()) {
            trusted++;
            long missNanos = Math.max(now.earliestNanos() - latestNanos, earliestNanos - now.latestNanos());
            missed += missNanos > 0 ? 1 : 0;
            worstNanos = Math.max(worstNanos, missNanos);
        }
    }

    /**
     * Tells whether the daemon may be slewing the clock as no reply has shown yet. That is covered only when the operator says
     * how fast it slews.
     */
    private boolean isExposed() {
        return setup.isDisciplining()
                && !isSlewRateGiven
                && clock.elapsedNanos() - source.sinceUpdateNanos() >= repliedNanos;
    }

    /** What happens between a question and its answer. */
    private void takeTime() {
        befall(0.1);
        if (!fates.contains(Fate.HANG) || random.nextInt(2 * fates.size()) > 0) {
            return;
        }
        if (random.nextBoolean()) {
            source.kill();
        }
        long endNanos = clock.elapsedNanos() + logUniform(1_000_000, 10 * SECOND);
        while (clock.elapsedNanos() < endNanos) {
            source.advanceNanos(logUniform(1_000_000, SECOND));
            read();
        }
    }

    private void befall(double probability) {
        if (random.nextDouble() >= probability) {
            return;
        }
        Fate fate = fates.get(random.nextInt(fates.size()));
        if (random.nextBoolean()) {
            suffer(fate);
        } else {
            clock.beforeReading(1 + random.nextInt(24), () -> suffer(fate));
        }
    }

    private void suffer(Fate fate) {
        switch (fate) {
            case WANDER -> {
                long range = setup.maxClockErrorPpb() + setup.skewPpb();
                clock.oscillateAt(setup.frequencyPpb() + extremeOf(range));
            }
            case NEW_ERROR -> follow();
            case STEP -> {
                // one that no reading notices, and a daemon slews away before the next poll, is not covered
                double leastNanos = setup.isDisciplining() ? 5_000_000 : 1_000;
                clock.stepWallNanos((random.nextBoolean() ? 1 : -1) * logUniform(leastNanos, 1000 * SECOND));
            }
            case SUSPEND -> clock.suspend(Duration.ofNanos(logUniform(3_000_000, 100 * SECOND)), true);
            case DESCHEDULE -> source.advanceNanos(logUniform(1_000, 20_000_000));
            case KILL -> source.kill();
            case STOP -> source.stop();
            case RESTART -> source.restart();
            case HANG -> {} // in a poll only
            case LOSE_REFERENCE -> source.loseReference(true);
            case REGAIN_REFERENCE -> source.loseReference(false);
            case PROVIDER_FAILS -> provider.fail("device blocked");
            case PROVIDER_TELLS -> {
                hiddenNanos = Math.min(hiddenNanos, logUniform(100, 100_000)); // a worse one is a switch of source
                provider.tell(hiddenNanos);
                follow();
            }
        }
    }

    /** Tells whether an answer has shown what the daemon does now: a slew begun since, and never ended, is not covered. */
    private void follow() {
        source.follow(new SimulatedReference(PHC, extremeOf(distanceNanos + hiddenNanos), distanceNanos, hiddenNanos));
    }

    /** Draws from −range to range, most often one of the ends. */
    private long extremeOf(long range) {
        return switch (random.nextInt(4)) {
            case 0 -> -range;
            case 1 -> range;
            case 2 -> 0;
            default -> between(-range, range);
        };
    }

    private long between(long least, long most) {
        return random.nextLong(least, most + 1);
    }

    private long logUniform(double least, double most) {
        return Math.round(Math.exp(random.nextDouble(Math.log(least), Math.log(most))));
    }
}
