/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.testing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Whether two hosts acted at the same true instant. */
public final class Exclusion {

    /** What a holder did, as true time saw it; both ends included. */
    public record Act(String holder, long beganNanos, long endedNanos) {}

    private Exclusion() {}

    /** Returns the acts that began before one of another holder had ended. */
    public static List<String> overlaps(List<Act> acts) {
        List<Act> byBegin = new ArrayList<>(acts);
        byBegin.sort(Comparator.comparingLong(Act::beganNanos));
        List<String> overlaps = new ArrayList<>();
        Act last = new Act("", Long.MIN_VALUE, Long.MIN_VALUE); // the one that ends last
        Act lastOfOther = last; // the one that ends last among those of other holders than that
        for (Act act : byBegin) {
            boolean isSameHolder = act.holder.equals(last.holder);
            Act other = isSameHolder ? lastOfOther : last;
            if (act.beganNanos <= other.endedNanos) {
                overlaps.add(act + " during " + other);
            }
            if (act.endedNanos > last.endedNanos) {
                lastOfOther = isSameHolder ? lastOfOther : last;
                last = act;
            } else if (!isSameHolder && act.endedNanos > lastOfOther.endedNanos) {
                lastOfOther = act;
            }
        }
        return overlaps;
    }
}
