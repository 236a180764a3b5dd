/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

/**
 * How much time is spent on measuring.
 *
 * @param rounds how often everything is measured; in each round everything has its turn
 * @param warmUpMillis how long each server is asked before the first round
 * @param loadMillis how long a server is asked in a round
 * @param readings how many batches of readings are made in a round
 * @param batchMillis how long a batch of readings is
 * @param waits how many wait at the same time
 * @param pollMillis how long daemons that poll are watched in a round
 */
record SpeedEffort(
        int rounds, int warmUpMillis, int loadMillis, int readings, int batchMillis, int waits, int pollMillis) {

    /** For figures that mean something. */
    static final SpeedEffort FULL = new SpeedEffort(15, 3_000, 300, 20, 25, 10_000, 10_000);

    /** The same for {@link ScalingRun}, which has fewer and longer rounds. */
    static final SpeedEffort SCALING = new SpeedEffort(5, 3_000, 500, 20, 25, 0, 60_000);

    /** To see that each figure comes out, on a busy machine, too: there, one of its clients may wait 100 ms for a processor. */
    static final SpeedEffort SMOKE = new SpeedEffort(1, 50, 500, 2, 20, 100, 300);
}
