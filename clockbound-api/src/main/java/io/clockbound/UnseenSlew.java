/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

/**
 * How fast the source may slew the clock without a poll having shown it: when it begins a slew after a poll and then dies,
 * nothing ends the slew.
 */
record UnseenSlew(BoundSettings settings) {

    /**
     * Returns the fastest slew that the source may begin, ppb: the operator's word, or else, for a source whose next estimate
     * is no worse than its last, from one end of the interval to the other in a second, the shortest that a slew takes.
     */
    long fastestPpb(long boundNanos) {
        long ppb = settings.maxSlewRatePpb().orElse(Math.min(boundNanos, SourceReply.MAX_SLEW_PPB / 2) * 2);
        return Estimate.withMargin(ppb);
    }

    /**
     * Returns the drift that covers, until the next poll, a slew that begins right after this one, ppb. With the operator's word
     * for the fastest slew, nothing is left open; without it, a slew in the first second is.
     */
    long untilNextPollPpb(long boundNanos) {
        if (settings.maxSlewRatePpb().isPresent()) {
            return fastestPpb(boundNanos);
        }
        long pollMillis = settings.pollInterval().toMillis();
        // in its first second, the shortest it takes, a slew does not get out of the interval
        long exposedMillis = Math.max(0, pollMillis - 1000);
        return (fastestPpb(boundNanos) * exposedMillis + pollMillis - 1) / pollMillis;
    }
}
