/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.clockbound.transport.SegmentCell;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A writer writes two records; a reader that copies twice gets whole ones, and no older one after a newer. */
@JCStressTest
@Outcome(
        id = {"0, 0", "0, 1", "0, 2", "1, 1", "1, 2", "2, 2"},
        expect = ACCEPTABLE,
        desc = "whole records, in their order")
@Outcome(
        id = {"-1, -1", "-1, [012]", "[012], -1"},
        expect = ACCEPTABLE,
        desc = "the writer did not get on while the reader tried")
@Outcome(expect = FORBIDDEN, desc = "mixed, or an older record after a newer one")
@State
public class SegmentStress {

    private final SegmentCell cell = new SegmentCell();

    /** Writes. */
    @Actor
    public void writer() {
        cell.write(1);
        cell.write(2);
    }

    /** Copies. */
    @Actor
    public void reader(II_Result seen) {
        seen.r1 = cell.read();
        seen.r2 = cell.read();
    }
}
