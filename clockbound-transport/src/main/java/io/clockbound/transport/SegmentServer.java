/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.PollOutcome;
import io.clockbound.VmClock;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Writes every poll into the segments; their readers ask nobody.
 *
 * <p>The segments stay when it is closed, so that the next daemon goes on with them.
 */
final class SegmentServer implements TransportServer {

    private final ServerDirectory directory;
    private final LocalClock local;
    private final VmClock vmClock;
    private final FailureLimiter failures;
    private final Map<SegmentLayout, SegmentWriter> segments = new EnumMap<>(SegmentLayout.class);
    private boolean isClosed;

    private SegmentServer(
            ServerDirectory directory, LocalClock local, VmClock vmClock, Consumer<IOException> failures) {
        this.directory = directory;
        this.local = local;
        this.vmClock = vmClock;
        this.failures = new FailureLimiter(local, failures);
    }

    /**
     * Opens the segments of a directory.
     *
     * @param vmClock where the readers look for it
     * @throws IOException when they can't be made; the hold on the directory is then given up
     */
    static SegmentServer start(
            ServerDirectory directory, LocalClock local, VmClock vmClock, Consumer<IOException> failures)
            throws IOException {
        SegmentServer server = new SegmentServer(directory, local, vmClock, failures);
        try {
            server.segments.put(SegmentLayout.V2, server.open(SegmentLayout.V2));
            server.segments.put(SegmentLayout.V1, server.open(SegmentLayout.V1));
            return server;
        } catch (IOException e) {
            directory.close();
            vmClock.close();
            throw e;
        }
    }

    private SegmentWriter open(SegmentLayout layout) throws IOException {
        SegmentWriter voucher = layout == SegmentLayout.V2 ? null : segments.get(SegmentLayout.V2);
        return SegmentWriter.open(directory, layout, voucher, local, vmClock);
    }

    @Override
    public String address() {
        return directory.file(SegmentLayout.V2.fileName()).toString();
    }

    /** Shows readers what was published, unless this daemon has only heard silence yet and the one before it knew more. */
    @Override
    public synchronized void publish(PollOutcome poll) {
        if (isClosed) {
            return; // the segments may be another daemon's by now
        }
        segments.replaceAll((layout, segment) -> publish(poll, layout, segment));
    }

    private SegmentWriter publish(PollOutcome poll, SegmentLayout layout, SegmentWriter segment) {
        SegmentWriter current = segment;
        try {
            // once a poll, with its outcome: a file that others replace is made anew within a poll interval
            SegmentFileState place =
                    poll.result() == PollOutcome.Result.PENDING ? SegmentFileState.UNCHANGED : segment.place();
            if (place != SegmentFileState.UNCHANGED) {
                current = open(layout);
                note(interferenceOf(place), layout);
            } else if (segment.isWrittenByOthers()) {
                note(SegmentInterference.WRITTEN, layout);
            }
            if (isNews(poll.result()) || !current.isWorthMoreThanSilence(local.monotonicNanos())) {
                current.write(withoutTrustThatEnded(poll.bound()), isVmClockPublic(poll.bound()));
            }
            SegmentTruncation.check();
        } catch (IOException e) {
            failures.add("segment", () -> e);
        } catch (InternalError e) {
            note(SegmentInterference.CUT, layout);
        }
        return current;
    }

    private static SegmentInterference interferenceOf(SegmentFileState place) {
        return switch (place) {
            case UNCHANGED -> SegmentInterference.WRITTEN;
            case CUT -> SegmentInterference.CUT;
            case REPLACED -> SegmentInterference.REPLACED;
            case REMOVED -> SegmentInterference.REMOVED;
        };
    }

    private void note(SegmentInterference interference, SegmentLayout layout) {
        failures.add(interference, () -> new IOException(interference.explain(directory.file(layout.fileName()))));
    }

    @Override
    public Optional<String> problem() {
        List<String> current = failures.current();
        return current.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", current));
    }

    /** Time takes the trust away from what was established long ago; clients that forget the status should see that too. */
    private ClockErrorBound withoutTrustThatEnded(ClockErrorBound bound) {
        if (bound.status().isTrusted() == bound.statusAt(local.monotonicNanos()).isTrusted()) {
            return bound;
        }
        return bound.withStatus(ClockStatus.UNKNOWN);
    }

    /** Clients of ClockBound 2 that are told of a VMClock fail altogether when they may not read it. */
    private boolean isVmClockPublic(ClockErrorBound bound) {
        return bound.vmClock() != null && vmClock.isReadableByEverybody();
    }

    private static boolean isNews(PollOutcome.Result result) {
        return switch (result) {
            case PENDING, NO_ANSWER, REFERENCE_ERROR_UNKNOWN -> false;
            case SYNCHRONIZED, FREE_RUNNING, UNSYNCHRONIZED, DISRUPTED, FAILED -> true;
        };
    }

    /** Gives up the directory; the segments stay, and age. */
    @Override
    public synchronized void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        vmClock.close();
        try {
            directory.close();
        } catch (IOException e) {
            failures.add("close", () -> e);
        }
    }
}
