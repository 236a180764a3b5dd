/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.nio.file.Path;

/** What other programs do to a segment of ours. */
enum SegmentInterference {
    /** They write records into it, too. */
    WRITTEN,
    /** They make it shorter, in place. */
    CUT,
    /** They give its name to another file. */
    REPLACED,
    /** They take its name away. */
    REMOVED;

    /** Says so, and what to do. */
    String explain(Path segment) {
        return switch (this) {
            case WRITTEN ->
                "another program writes into " + segment
                        + ", in place: its readers get the one's records and the other's in turn; stop one of the two, or"
                        + " give this one another --shm-dir";
            case CUT ->
                segment + " was wiped or cut in place by another program, as ClockBound 3 does when it starts: its"
                        + " readers had nothing until it was made anew; stop one of the two, or give this one another"
                        + " --shm-dir";
            case REPLACED ->
                segment + " was replaced by another file: see which program did that, and stop it, or give"
                        + " this one another --shm-dir";
            case REMOVED -> segment + " was removed by somebody; it was made anew";
        };
    }
}
