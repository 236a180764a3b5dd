/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

/**
 * What a restarted source may have forgotten of the oscillator's frequency error. Immutable.
 *
 * <p>chronyd restarted with {@code -r} and without a drift file has its old measurements, but not the frequency that belongs to
 * them. Where the correction is not applied, that frequency counts as unknown until the source has found it again.
 *
 * @param ppb magnitude of the frequency error, 0 when none is forgotten
 * @param updatesLeft how many updates the source needs to find it again
 */
record LostFrequency(long ppb, int updatesLeft) {

    static final LostFrequency NONE = new LostFrequency(0, 0);

    private static final int UPDATES_TO_FIND = 8;

    /** Returns what is lost after a restart of a source that last reported that frequency. */
    LostFrequency afterRestart(long frequencyPpb) {
        return new LostFrequency(Math.max(ppb, Math.abs(frequencyPpb)), UPDATES_TO_FIND);
    }

    /** Returns what is lost after a reply that shows an update which finds some of it, or none. */
    LostFrequency after(boolean isUpdate) {
        if (!isUpdate) {
            return this;
        }
        return updatesLeft > 1 ? new LostFrequency(ppb, updatesLeft - 1) : NONE;
    }
}
