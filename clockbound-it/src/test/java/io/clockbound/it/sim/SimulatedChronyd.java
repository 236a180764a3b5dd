/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.sim;

import io.clockbound.it.sim.ChronydSetup.LeapMode;
import io.clockbound.it.sim.SampleLine.Line;
import io.clockbound.spi.LeapStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A chronyd that does what real ones were seen to do ({@code docs/CHRONYD.md}, {@code docs/TRACES.md}): it measures, draws a line
 * through its samples, moves its estimate, and slews the clock towards it or steps it. {@link ChronyReplies} tells of it.
 */
final class SimulatedChronyd {

    private static final double SKEW_CEILING_PPB = 1e9;
    private static final double MIN_SKEW_PPB = 20;

    /** {@code maxupdateskew}: a frequency that is known no better is not adopted. */
    private static final double MAX_UPDATE_SKEW_PPB = 1_000_000;

    /** Two lines through almost the same samples are not two measurements of the frequency. */
    private static final double SKEW_GROWTH = 1.5;

    private static final long JUMP_NANOS = 10 * Timeline.SECOND;
    private static final long AROUND_LEAP_NANOS = 5 * Timeline.SECOND;

    /** Is told what happens to the estimate. */
    interface Observer {
        void sampled(ChronySource source);

        void moved(double byNanos);

        void forgotten();
    }

    final Timeline time;
    final ChronydSetup setup;
    final List<ChronySource> sources = new ArrayList<>();
    final ChronyReplies replies = new ChronyReplies(this);
    private final Correction correction;
    private final Observer observer;
    private int run;
    private boolean isRunning;
    private long hangsUntilNanos = Long.MIN_VALUE;
    private long leapAtNanos = Long.MIN_VALUE / 2;

    @Nullable
    ChronySource followed;

    LeapStatus leap = LeapStatus.UNSYNCHRONIZED;
    double skewPpb = SKEW_CEILING_PPB;
    double residualPpb;
    double lastOffsetNanos;
    double rootDispersionNanos;
    double rootDelayNanos;
    long updatedNanos;
    long referenceEpochNanos;
    long updateIntervalNanos;
    long sinceChangeNanos;
    private int updates;
    private long byHandNanos = Long.MIN_VALUE;
    private long forgottenNanos = Long.MIN_VALUE;
    private double movedNanos;

    SimulatedChronyd(Timeline time, ChronydSetup setup, List<Reference> references, Observer observer) {
        this.time = time;
        this.setup = setup;
        this.observer = observer;
        this.correction = new Correction(time, setup);
        references.forEach(reference -> sources.add(new ChronySource(this, reference, setup, time)));
    }

    /** Runs, with nothing but what a drift file and a dump of the samples have kept. */
    void start(boolean areSamplesKept) {
        run++;
        isRunning = true;
        hangsUntilNanos = Long.MIN_VALUE;
        correction.restart();
        updates = 0;
        updateIntervalNanos = 0;
        skewPpb = SKEW_CEILING_PPB;
        residualPpb = 0;
        unsynchronize();
        for (ChronySource source : sources) {
            if (!areSamplesKept) {
                source.reset();
            }
            source.start(run);
        }
        int now = run;
        if (areSamplesKept) {
            time.after(time.between(0, Timeline.SECOND), () -> updateFromDump(now));
        }
    }

    private void updateFromDump(int ofRun) {
        if (isRun(ofRun) && !isHanging()) {
            sources.forEach(ChronySource::refit);
            select();
            if (followed != null) {
                update();
            }
        }
    }

    /** Ends at once, in the middle of whatever it does: the kernel goes on slewing as it was told. */
    void kill() {
        run++;
        isRunning = false;
        correction.abandon();
    }

    /** Ends in order: a slew under way ends with it. */
    void stop() {
        correction.endSlew();
        kill();
    }

    /** Does nothing for so long, and does not notice; not even that a slew should end. */
    void hang(long nanos) {
        hangsUntilNanos = time.nowNanos() + nanos;
        correction.hang(nanos);
        int now = run;
        time.after(nanos, () -> {
            if (isRun(now) && nanos > JUMP_NANOS) {
                reset();
            }
        });
    }

    /** Forgets all samples: {@code reset sources}, or a jump of the clock that it noticed. */
    void reset() {
        sources.forEach(ChronySource::reset);
        unsynchronize();
        correction.endSlew();
        moveBase(-correction.nanos()); // it takes the clock as it is
        skewPpb = Math.max(skewPpb, MIN_SKEW_PPB);
    }

    /** The machine does not run for so long; then everything goes on, with a wall clock that was set right or was not. */
    void suspend(long nanos, boolean isWallSetRight) {
        correction.rebase();
        time.clock.suspend(Duration.ofNanos(nanos), isWallSetRight);
        correction.skipTo(time.nowNanos());
        if (isWallSetRight && nanos > JUMP_NANOS && isRunning) {
            reset();
        }
    }

    /** {@code chronyc makestep}. */
    void stepByHand() {
        long left = Math.round(correction.nanos());
        sinceChangeNanos = time.nowNanos();
        if (setup.isDisciplining()) {
            correction.endSlew();
            time.clock.stepWallNanos(left);
            correction.set(0);
            referenceEpochNanos += left;
        } else if (setup.isForgetful()) {
            correction.set(0);
            forget();
            referenceEpochNanos += left;
        }
    }

    /** {@code chronyc doffset}: moves the estimate. */
    void offsetByHand(long nanos) {
        sinceChangeNanos = time.nowNanos();
        byHandNanos = time.nowNanos();
        moveBase((double) nanos);
        referenceEpochNanos += nanos;
    }

    /** A step that it could not make is done, as it sees it; its samples stay as they are. */
    private void forget() {
        forgottenNanos = time.nowNanos();
        observer.forgotten();
    }

    /**
     * Tells whether it moved its estimate by hand and updated it, or forgot a step and has not measured since, all after a
     * moment.
     */
    boolean isChangeHidden(long sinceNanos) {
        boolean isByHand = byHandNanos >= sinceNanos && updatedNanos >= sinceNanos;
        return isByHand || isForgotten(sinceNanos);
    }

    /** Tells whether it forgot a step after a moment, and has not measured since. */
    boolean isForgotten(long sinceNanos) {
        return forgottenNanos >= sinceNanos
                && followed != null
                && followed.samples.size() > 0
                && followed.samples.newest().atNanos() <= forgottenNanos;
    }

    /** Is called when a leap second of true time comes. */
    void leap(int insertedSeconds) {
        leapAtNanos = time.nowNanos();
        if (!isRunning || leap == LeapStatus.NORMAL || leap == LeapStatus.UNSYNCHRONIZED) {
            return;
        }
        long byNanos = -insertedSeconds * Timeline.SECOND;
        LeapMode mode = setup.leapMode();
        if (mode == LeapMode.SLEW) {
            correction.set(correction.nanos() + byNanos);
            correction.slew(Timeline.SECOND);
        } else if (mode != LeapMode.IGNORE && setup.isDisciplining()) {
            time.clock.stepWallNanos(byNanos);
        }
        leap = LeapStatus.UNSYNCHRONIZED;
        int now = run;
        time.after(2 * Timeline.SECOND, () -> leap = isRun(now) && followed != null ? LeapStatus.NORMAL : leap);
    }

    /** Returns when a leap second came last; true time since the beginning. */
    long leapAtNanos() {
        return leapAtNanos;
    }

    boolean isAroundLeap() {
        return Math.abs(time.nowNanos() - leapAtNanos) < AROUND_LEAP_NANOS
                || Math.abs(leapAnnouncedNanos - time.nowNanos()) < AROUND_LEAP_NANOS;
    }

    /** When the leap second will come; true time since the beginning. */
    long leapAnnouncedNanos = Long.MIN_VALUE / 2;

    boolean isRun(int number) {
        return isRunning && run == number;
    }

    boolean isRunning() {
        return isRunning;
    }

    /** Tells whether it says that it is synchronised. */
    boolean isSynchronized() {
        return isRunning && !isHanging() && followed != null && leap != LeapStatus.UNSYNCHRONIZED;
    }

    boolean isHanging() {
        return time.nowNanos() < hangsUntilNanos;
    }

    long hangsForNanos() {
        return hangsUntilNanos - time.nowNanos() + 1;
    }

    /** Returns the estimate minus true time. */
    double estimateErrorNanos() {
        return time.clock.wallErrorNanos() + correction.nanos();
    }

    /** Returns by how much the estimate was moved in all. */
    double movedNanos() {
        return movedNanos;
    }

    double correctionNanos() {
        return correction.nanos();
    }

    long frequencyPpb() {
        return correction.frequencyPpb();
    }

    /** Returns how wrong it says that the frequency of the clock can be. */
    double largestFrequencyPpb() {
        return Math.abs((double) frequencyPpb()) + skewPpb + Math.abs(residualPpb);
    }

    /** Returns how fast what it knows gets worse, as it sees it. */
    double dispersionPpb() {
        return setup.maxClockErrorPpb() + Math.min(skewPpb, SKEW_CEILING_PPB) + Math.abs(residualPpb);
    }

    /** A source has a new sample. */
    void sampled(ChronySource source) {
        @Nullable ChronySource before = followed;
        for (ChronySource other : sources) {
            if (other != source) {
                other.refit();
            }
        }
        select();
        if (followed == source || (followed != null && followed != before)) {
            update();
        }
        observer.sampled(source);
    }

    private void select() {
        Selection selection = Selection.among(sources, followed);
        if (selection.selected() == null && sources.stream().anyMatch(source -> source.line.isPresent())) {
            unsynchronize();
        }
        followed = selection.selected();
    }

    private void unsynchronize() {
        leap = LeapStatus.UNSYNCHRONIZED;
        followed = null;
        sinceChangeNanos = time.nowNanos();
    }

    /** Moves the estimate to where the samples say that it should be. */
    private void update() {
        ChronySource source = Objects.requireNonNull(followed);
        Line line = Selection.among(sources, source).combined();
        if (Math.abs(line.offsetNanos()) > setup.maxChangeNanos() && updates > 0) {
            return;
        }
        long nowNanos = time.nowNanos();
        updateIntervalNanos = updates == 0 ? 0 : nowNanos - updatedNanos;
        boolean isAdopted = line.skewPpb() < MAX_UPDATE_SKEW_PPB;
        double grownPpb = Math.min(SKEW_CEILING_PPB, skewPpb * SKEW_GROWTH);
        double old = grownPpb * grownPpb;
        double share = isAdopted ? old / (old + line.skewPpb() * line.skewPpb()) : 0;
        long driftPpb = Math.round(share * line.driftPpb());
        residualPpb = line.driftPpb() - driftPpb;
        double disagreement = Math.sqrt(share * (1 - share)) * Math.abs(line.driftPpb());
        skewPpb = isAdopted
                ? Math.max(MIN_SKEW_PPB, 1 / Math.sqrt(1 / old + 1 / (line.skewPpb() * line.skewPpb())) + disagreement)
                : skewPpb;
        lastOffsetNanos = line.offsetNanos();
        rootDelayNanos = 2 * line.halfDelayNanos();
        rootDispersionNanos = source.reference.rootDispersionNanos
                + line.offsetDeviationNanos()
                + line.deviationNanos() / 4
                + (updates == 0 ? line.skewPpb() : 0);
        correction.changeFrequency(driftPpb);
        sources.forEach(each -> each.samples.moveEstimate(0, (double) -driftPpb, nowNanos));
        moveBase(-line.offsetNanos());
        applyCorrection();
        updates++;
        updatedNanos = nowNanos;
        sinceChangeNanos = nowNanos;
        leap = nowNanos - leapAtNanos < 2 * Timeline.SECOND ? leap : source.reference.leap;
        long fuzzNanos = time.between(0, Timeline.SECOND);
        referenceEpochNanos = time.clock.trueNanos() + Math.round(estimateErrorNanos()) - fuzzNanos;
    }

    private void applyCorrection() {
        double left = correction.nanos();
        if (Math.abs(left) > setup.stepNanos() && updates < setup.stepUpdates()) {
            if (setup.isDisciplining()) {
                time.clock.stepWallNanos(Math.round(left));
                correction.set(left - Math.round(left));
            } else if (setup.isForgetful()) {
                correction.set(0);
                forget();
            }
        }
        ChronySource source = followed;
        long intervalNanos = source == null ? Timeline.SECOND : Timeline.SECOND << source.poll;
        correction.slew(Math.round(setup.slewShare() * intervalNanos));
    }

    /** Moves the estimate, and with it what the samples say of it. */
    private void moveBase(double nanos) {
        correction.set(correction.nanos() + nanos);
        movedNanos += nanos;
        sources.forEach(each -> each.samples.moveEstimate(nanos, 0, time.nowNanos()));
        observer.moved(nanos);
    }
}
