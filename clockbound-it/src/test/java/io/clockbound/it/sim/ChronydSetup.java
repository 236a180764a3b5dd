/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.sim;

/**
 * How a simulated chronyd is configured, and which version it is.
 *
 * @param isDisciplining whether it sets the clock; false is {@code -x}
 * @param isForgetful whether it is older than 4.7, and forgets a step that it could not make
 * @param maxClockErrorPpb {@code maxclockerror}
 * @param maxSlewPpb {@code maxslewrate}
 * @param stepNanos the threshold of {@code makestep}; {@link Long#MAX_VALUE}: none
 * @param stepUpdates for how many updates it steps
 * @param maxChangeNanos {@code maxchange}, from the second update on; {@link Long#MAX_VALUE}: none
 * @param hasDriftFile whether a restarted one knows the frequency
 * @param hasDump whether a restarted one has its old samples ({@code -r}, {@code dumpdir})
 * @param minPoll the shortest time between two questions to a source, log₂ of seconds
 * @param maxPoll the longest
 * @param slewShare what part of the time to the next update a slew takes
 * @param leapMode what it does at a leap second
 * @param runsBorne how strict its line through the samples is, see {@link SampleLine#bear}
 */
record ChronydSetup(
        boolean isDisciplining,
        boolean isForgetful,
        long maxClockErrorPpb,
        long maxSlewPpb,
        long stepNanos,
        int stepUpdates,
        long maxChangeNanos,
        boolean hasDriftFile,
        boolean hasDump,
        int minPoll,
        int maxPoll,
        double slewShare,
        LeapMode leapMode,
        double runsBorne) {

    /** {@code leapsecmode}. */
    enum LeapMode {
        SYSTEM,
        STEP,
        SLEW,
        IGNORE
    }

    static final double RUNS_BORNE = 1.0;

    /** Draws one; a slow one measures and is polled seldom. */
    static ChronydSetup draw(Timeline time, boolean isSlow) {
        boolean isDisciplining = !time.isOneIn(3);
        int minPoll = (int) (isSlow ? time.between(5, 8) : time.between(0, 6));
        return new ChronydSetup(
                isDisciplining,
                time.isOneIn(2),
                time.isOneIn(2) ? 1_000 : time.logUniform(1_000, 50_000),
                time.isOneIn(2) ? 83_333_000 : time.logUniform(100_000, 83_333_000),
                time.isOneIn(2) ? Long.MAX_VALUE : time.logUniform(10_000_000, 1_000_000_000),
                time.isOneIn(2) ? 3 : Integer.MAX_VALUE,
                time.isOneIn(4) ? time.logUniform(200_000, 100_000_000) : Long.MAX_VALUE,
                time.isOneIn(2),
                time.isOneIn(2),
                minPoll,
                minPoll + (int) time.between(0, Math.min(4, 10 - minPoll)),
                time.between(0.1, 2.5),
                LeapMode.values()[time.random.nextInt(4)],
                RUNS_BORNE);
    }

    /** Tells whether it loses a step that it may not make. */
    boolean losesSteps() {
        return !isDisciplining && isForgetful && stepNanos != Long.MAX_VALUE;
    }

    /** Tells whether a restart makes it lose the frequency that its old samples need. */
    boolean losesFrequency() {
        return !isDisciplining && hasDump && !hasDriftFile;
    }
}
