/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.clockbound.BoundSettings;
import io.clockbound.ClockErrorBound;
import io.clockbound.ErrorBoundTracker;
import io.clockbound.LocalClock;
import io.clockbound.testing.FakeTimeSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A thread polls; another that looks twice sees the bounds that it published, each whole, in their order. */
@JCStressTest
@Outcome(
        id = {"0, 0", "0, 1", "1, 1"},
        expect = ACCEPTABLE,
        desc = "published bounds, in their order")
@Outcome(expect = FORBIDDEN, desc = "a bound that was never published, or an older one after a newer")
@State
public class PublicationStress {

    private static final Instant NOW = Instant.parse("2026-11-24T00:00:00Z");
    private static final List<ClockErrorBound> PUBLISHED = published();

    private final ErrorBoundTracker tracker = tracker();

    /** Polls. */
    @Actor
    public void poller() {
        tracker.poll();
    }

    /** Looks. */
    @Actor
    public void reader(II_Result seen) {
        seen.r1 = PUBLISHED.indexOf(tracker.current());
        seen.r2 = PUBLISHED.indexOf(tracker.current());
    }

    /** Returns what a poll publishes: nothing before, then the same each time, because time stands still. */
    private static List<ClockErrorBound> published() {
        ErrorBoundTracker twin = tracker();
        List<ClockErrorBound> published = new ArrayList<>(List.of(twin.current()));
        twin.poll();
        published.add(twin.current());
        if (!published.get(1).status().isTrusted()) {
            throw new AssertionError("a first poll makes " + published.get(1));
        }
        return List.copyOf(published);
    }

    private static ErrorBoundTracker tracker() {
        return new ErrorBoundTracker(new Still(), new FakeTimeSource(), List.of(), BoundSettings.DEFAULTS, poll -> {});
    }

    /** Clocks that stand still, and order nothing. */
    private static final class Still implements LocalClock {

        @Override
        public Instant instant() {
            return NOW;
        }

        @Override
        public long monotonicNanos() {
            return 1_000_000_000_000L;
        }
    }
}
