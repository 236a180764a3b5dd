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

/** Two threads read one clock while one of them renews its segment: each gets a whole record, and the clock ends with the new one. */
@JCStressTest
@Outcome(id = "1, [01], 1", expect = ACCEPTABLE, desc = "whole records, and the new one at the end")
@Outcome(expect = FORBIDDEN, desc = "mixed, lost, or the old record for ever")
@State
public class AdoptionStress {

    private final SegmentCell cell = new SegmentCell();
    private final BoundedClock clock = cell.open();

    /** Writes, and reads. */
    @Actor
    public void writer(III_Result seen) {
        cell.write(1);
        seen.r1 = SegmentCell.numberOf(clock.read());
    }

    /** Reads. */
    @Actor
    public void reader(III_Result seen) {
        seen.r2 = SegmentCell.numberOf(clock.read());
    }

    /** Reads when all are done. */
    @Arbiter
    public void end(III_Result seen) {
        seen.r3 = SegmentCell.numberOf(clock.read());
    }
}
