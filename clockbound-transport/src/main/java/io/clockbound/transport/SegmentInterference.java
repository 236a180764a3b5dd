/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.nio.file.Path;

/** The ways in which other programs interfere with a segment of ours. */
enum SegmentInterference {
    /** They write records into it as well. */
    WRITTEN,
    /** They truncate or wipe it in place. */
    TRUNCATED,
    /** They replace it with another file. */
    REPLACED,
    /** They remove it. */
    REMOVED;

    /** Returns a description and the remedy. */
    String explain(Path segment) {
        return switch (this) {
            case WRITTEN ->
                "another program writes into " + segment
                        + ", too: readers get the records of both in turn; stop one of the two programs, or give this"
                        + " daemon another --shm-dir";
            case TRUNCATED ->
                segment + " was wiped or truncated by another program, as ClockBound 3 does when it starts: it had no"
                        + " record until this daemon wrote it again; stop one of the two programs, or give this daemon"
                        + " another --shm-dir";
            case REPLACED ->
                segment
                        + " was replaced by another program's file; this daemon has put its own back: find and stop that"
                        + " program, or give this daemon another --shm-dir";
            case REMOVED -> segment + " was removed by another program; this daemon has created it again";
        };
    }
}
