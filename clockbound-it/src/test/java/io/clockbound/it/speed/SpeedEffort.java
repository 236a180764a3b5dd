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
 */
record SpeedEffort(int rounds, int warmUpMillis, int loadMillis, int readings, int batchMillis) {

    /** For figures that mean something. */
    static final SpeedEffort FULL = new SpeedEffort(5, 3_000, 1_000, 40, 25);

    /** To see that each figure comes out. */
    static final SpeedEffort SMOKE = new SpeedEffort(1, 50, 100, 2, 20);
}
