/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.order;

import io.clockbound.Witness;
import io.clockbound.testing.Exclusion;
import io.clockbound.testing.RealOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * What a history proves. A history is strictly serialisable in the order of its timestamps when no rule is broken: each of them says
 * that one kind of dependency between two transactions agrees with their timestamps, so there is no cycle of dependencies.
 *
 * @param realOrder transactions that began after another was visible, and have no greater timestamp
 * @param versions transactions that read what nobody wrote, or overwrote what another did, or have no greater timestamp than
 *     what they read
 * @param overlaps acts of one holder during one of another
 * @param misses intervals that did not contain true time
 */
record Verdict(
        History history, List<String> realOrder, List<String> versions, List<String> overlaps, List<String> misses) {

    /**
     * Judges a history.
     *
     * @param truth true time minus the monotonic clock of the machine
     */
    static Verdict of(History history, Witness truth) {
        return new Verdict(
                history,
                RealOrder.contradictions(history.commits().stream()
                        .map(commit -> new RealOrder.Commit(
                                commit.host(), commit.askedNanos(), commit.visibleNanos(), commit.timestamp()))
                        .toList()),
                versions(history.commits()),
                overlaps(history.acts()),
                misses(history.commits(), truth));
    }

    /** Returns how many rules were broken how often. */
    int violations() {
        return realOrder.size() + versions.size() + overlaps.size();
    }

    private static List<String> versions(List<History.Commit> commits) {
        List<String> broken = new ArrayList<>();
        Map<Integer, Set<Long>> written = new HashMap<>();
        for (History.Commit commit : commits) {
            for (int key : commit.versions().keySet()) {
                if (!versions(written, key).add(commit.timestamp().epochNanos())) {
                    broken.add(commit + " has a timestamp that key " + key + " had before");
                }
            }
        }
        Map<Integer, Set<Long>> overwritten = new HashMap<>();
        for (History.Commit commit : commits) {
            commit.versions().forEach((key, before) -> {
                if (before != 0 && !versions(written, key).contains(before)) {
                    broken.add(commit + " read of key " + key + " what nobody wrote");
                }
                if (!versions(overwritten, key).add(before)) {
                    broken.add(commit + " overwrote of key " + key + " what another did");
                }
                if (before >= commit.timestamp().epochNanos()) {
                    broken.add(commit + " is not later than what it read of key " + key);
                }
            });
        }
        return broken;
    }

    private static Set<Long> versions(Map<Integer, Set<Long>> byKey, int key) {
        return byKey.computeIfAbsent(key, first -> new HashSet<>());
    }

    private static List<String> overlaps(List<History.Act> acts) {
        Map<Integer, List<Exclusion.Act>> byJob = new TreeMap<>();
        for (History.Act act : acts) {
            byJob.computeIfAbsent(act.job(), first -> new ArrayList<>())
                    .add(new Exclusion.Act(act.host(), act.beganNanos(), act.endedNanos()));
        }
        return byJob.values().stream()
                .flatMap(ofJob -> Exclusion.overlaps(ofJob).stream())
                .toList();
    }

    private static List<String> misses(List<History.Commit> commits, Witness truth) {
        long slackNanos = truth.errorNanos();
        return commits.stream()
                .filter(commit -> missNanos(commit, truth) > slackNanos)
                .map(commit ->
                        commit.host() + " missed true time by " + missNanos(commit, truth) + " ns, with an interval of "
                                + (commit.latestNanos() - commit.earliestNanos()) + " ns: " + commit)
                .toList();
    }

    /** Returns how far true time was outside the interval at least; negative when it was inside. */
    private static long missNanos(History.Commit commit, Witness truth) {
        return Math.max(
                commit.earliestNanos() - (commit.askedNanos() + truth.nanos()),
                commit.readNanos() + truth.nanos() - commit.latestNanos());
    }

    /** Returns a figure of the commits below which so many of a thousand are, in milliseconds. */
    double millis(int permille, ToLongFunction<History.Commit> figure) {
        long[] sorted = history.commits().stream().mapToLong(figure).sorted().toArray();
        return sorted.length == 0 ? 0 : sorted[(int) ((long) (sorted.length - 1) * permille / 1_000)] / 1e6;
    }
}
