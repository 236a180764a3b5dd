/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.BoundedClock;
import io.clockbound.ClockNotTrustedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ways to read a daemon's clock.
 *
 * @param bestFirst at least one
 */
record Ways(List<Way> bestFirst) {

    /** A way to read a daemon's clock. */
    record Way(boolean isSegment, Opening opening) {}

    /** Opens a way to read a daemon's clock; its exceptions name the way. */
    interface Opening {

        /**
         * Opens it.
         *
         * @param skipped why the faster ways are not used; appended to the description
         */
        BoundedClock open(String skipped) throws IOException;
    }

    /**
     * The clock of one of the ways.
     *
     * @param isBest whether no way is better
     */
    record Chosen(Way way, BoundedClock clock, boolean isBest) {}

    /**
     * Returns the first way that is trusted now, else the first that can be opened; one with less information overrules none.
     *
     * @param present the way that is in use; it is not opened again, and not closed when another is returned
     * @throws IOException when no way can be opened
     */
    Chosen choose(@Nullable Chosen present) throws IOException {
        List<String> reasons = new ArrayList<>();
        Chosen first = null;
        boolean mayReadSegment = true;
        for (Way way : bestFirst) {
            if (way.isSegment && !mayReadSegment) {
                continue;
            }
            Chosen found;
            try {
                found = present != null && present.way.equals(way) ? present : open(way, reasons);
            } catch (IOException e) {
                reasons.add(e.getMessage());
                continue;
            }
            try {
                found.clock.now();
                release(first, present);
                return found;
            } catch (ClockNotTrustedException e) {
                reasons.add(e.getMessage());
                if (found.clock instanceof SegmentClock segment) {
                    SegmentDistrust reason = segment.whyNotTrusted(e.status());
                    mayReadSegment = reason.allowsOtherSegments();
                    if (!reason.allowsSockets()) {
                        release(first, present);
                        return found;
                    }
                }
            }
            if (first == null) {
                first = found;
            } else {
                release(found, present);
            }
        }
        if (first == null) {
            throw new IOException("no daemon answers: " + String.join("; ", reasons));
        }
        return first;
    }

    private Chosen open(Way way, List<String> reasons) throws IOException {
        String skipped = reasons.isEmpty() ? "" : " (" + String.join("; ", reasons) + ")";
        return new Chosen(way, way.opening.open(skipped), way.equals(bestFirst.get(0)));
    }

    private static void release(@Nullable Chosen found, @Nullable Chosen present) {
        if (found != null && !found.equals(present)) {
            found.clock.close();
        }
    }
}
