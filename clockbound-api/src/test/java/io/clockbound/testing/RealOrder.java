/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.testing;

import io.clockbound.order.HybridTimestamp;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Whether timestamps agree with the real order of what they belong to. */
public final class RealOrder {

    /**
     * A commit as true time saw it.
     *
     * @param beganNanos when its timestamp was asked for
     * @param visibleNanos when it was shown
     */
    public record Commit(String host, long beganNanos, long visibleNanos, HybridTimestamp timestamp) {}

    private RealOrder() {}

    /** Returns the commits that began after another was visible and yet have no greater timestamp. */
    public static List<String> contradictions(List<Commit> commits) {
        List<Commit> byBegin = new ArrayList<>(commits);
        byBegin.sort(Comparator.comparingLong(Commit::beganNanos));
        List<Commit> byEnd = new ArrayList<>(commits);
        byEnd.sort(Comparator.comparingLong(Commit::visibleNanos));
        List<String> contradictions = new ArrayList<>();
        Commit largest = null;
        int ended = 0;
        for (Commit commit : byBegin) {
            for (; ended < byEnd.size() && byEnd.get(ended).visibleNanos <= commit.beganNanos; ended++) {
                Commit other = byEnd.get(ended);
                largest = largest == null || largest.timestamp.isBefore(other.timestamp) ? other : largest;
            }
            if (largest != null && !largest.timestamp.isBefore(commit.timestamp)) {
                contradictions.add(commit + " after " + largest);
            }
        }
        return contradictions;
    }
}
