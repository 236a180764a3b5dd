/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import io.clockbound.testing.FakeTimeSource;
import org.jspecify.annotations.Nullable;

/** What the tests of an estimate begin with. */
abstract class PerfectOscillator {

    static final long SECOND = 1_000_000_000;
    static final long MILLI = 1_000_000;

    /** Of an oscillator of which nothing is vouched for, so that every other term stands alone. */
    static final BoundSettings PERFECT = BoundSettings.DEFAULTS.withMaxClockErrorPpb(0);

    /** Measured an offset of 0 with an error of 1000 ns, just now. */
    final FakeTimeSource source =
            new FakeTimeSource().rootDelay(0).rootDispersion(1_000).lastUpdateInterval(64 * SECOND);

    Estimate first(BoundSettings settings) {
        return after(null, reply(0), settings);
    }

    static Estimate after(@Nullable Estimate before, SourceReply now, BoundSettings settings) {
        SourceReply previous = before == null ? null : before.reply();
        return Estimate.after(before, now, ForgottenSteps.NONE.after(previous, now), 0, 0, false, settings)
                .orElseThrow();
    }

    SourceReply reply(long nanos) {
        return reply(nanos, source);
    }

    static SourceReply reply(long nanos, FakeTimeSource source) {
        return new SourceReply(source.snapshot(), nanos, nanos);
    }
}
