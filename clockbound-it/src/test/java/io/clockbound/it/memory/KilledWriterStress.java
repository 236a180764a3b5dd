/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.clockbound.BoundedClock;
import io.clockbound.transport.SegmentCell;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** A writer dies in the middle of a record: a clock keeps the last whole one, a new reader has none, another writer mends it. */
@JCStressTest
@Outcome(
        id = {"[01], [01], 1", "[01], -1, 1"},
        expect = ACCEPTABLE,
        desc = "whole records, or none")
@Outcome(expect = FORBIDDEN, desc = "a record that was never finished")
@State
public class KilledWriterStress {

    private final SegmentCell cell = new SegmentCell();
    private final BoundedClock clock = cell.open();

    /** Writes, and dies. */
    @Actor
    public void writer() {
        cell.write(1);
        cell.dieWriting();
    }

    /** Reads a clock that it has, and the segment for the first time. */
    @Actor
    public void reader(III_Result seen) {
        seen.r1 = SegmentCell.numberOf(clock.read());
        seen.r2 = cell.read();
    }

    /** Is the next writer, which begins where the dead one stopped. */
    @Arbiter
    public void nextWriter(III_Result seen) {
        cell.write(1);
        seen.r3 = SegmentCell.numberOf(clock.read());
    }
}
