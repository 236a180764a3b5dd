/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import java.util.ArrayList;
import java.util.List;

/**
 * The frequencies that the source reckoned with at its last updates. Immutable.
 *
 * <p>A source states how wrong its frequency can be by how well a line fits its samples, and that can be far too little: soon
 * after a start, when delays jump, or when it was restarted with samples ({@code -r}) but without the frequency that belongs to
 * them. What it stated a moment ago tells: the oscillator cannot have changed as much. A source that forgets one step after
 * the other takes them for a frequency, so those that it finds then are not remembered.
 *
 * @param stated the newest last
 * @param doubtful how many updates more find a frequency that is not remembered
 */
record RecentFrequencies(List<Stated> stated, int doubtful) {

    /** A frequency, and how wrong it can be as the source states. */
    record Stated(long ppb, long skewPpb) {}

    static final RecentFrequencies NONE = new RecentFrequencies(List.of(), 0);

    /** It takes a restarted source as many updates to find a frequency again. */
    private static final int UPDATES_TO_FIND = 8;

    /**
     * Returns what is known after an update.
     *
     * @param isForgetful whether the update may have forgotten a step
     */
    RecentFrequencies after(Stated frequency, boolean isForgetful) {
        int doubtfulNow = isForgetful ? UPDATES_TO_FIND : doubtful;
        if (doubtfulNow > 0 && !stated.isEmpty()) {
            return new RecentFrequencies(stated, doubtfulNow - 1);
        }
        List<Stated> next =
                new ArrayList<>(stated.subList(Math.max(0, stated.size() - UPDATES_TO_FIND), stated.size()));
        next.add(frequency);
        return new RecentFrequencies(List.copyOf(next), doubtfulNow);
    }

    /** Returns how far a frequency is at most outside of what was stated at one of the last updates. */
    long changePpb(long frequencyPpb) {
        long most = 0;
        for (Stated then : stated) {
            most = Math.max(most, NanosRange.distance(frequencyPpb, then.ppb) - then.skewPpb);
        }
        return most;
    }
}
