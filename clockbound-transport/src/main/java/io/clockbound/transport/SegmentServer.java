/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.PollOutcome;
import io.clockbound.VmClock;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Writes the outcome of every poll into the segments; their readers make no requests.
 *
 * <p>The segments remain when it is closed, so that the next daemon can continue them.
 */
final class SegmentServer implements TransportServer {

    private final ServerDirectory directory;
    private final LocalClock local;
    private final VmClock vmClock;
    private final FailureLimiter failures;
    private SegmentWriter shm0;
    private SegmentWriter shm;
    private boolean isClosed;

    private SegmentServer(ServerDirectory directory, LocalClock local, VmClock vmClock, Consumer<IOException> failures)
            throws IOException {
        this.directory = directory;
        this.local = local;
        this.vmClock = vmClock;
        this.failures = new FailureLimiter(local, failures);
        this.shm0 = SegmentWriter.open(directory, SegmentLayout.V2, null, local, vmClock);
        this.shm = SegmentWriter.open(directory, SegmentLayout.V1, shm0, local, vmClock);
    }

    /**
     * Opens the segments of a directory.
     *
     * @param vmClock the VMClock that the readers compare
     * @throws IOException when a segment cannot be created; the directory is then released
     */
    static SegmentServer start(
            ServerDirectory directory, LocalClock local, VmClock vmClock, Consumer<IOException> failures)
            throws IOException {
        try {
            return new SegmentServer(directory, local, vmClock, failures);
        } catch (IOException e) {
            directory.close();
            vmClock.close();
            throw e;
        }
    }

    private SegmentWriter reopened(SegmentLayout layout) throws IOException {
        return SegmentWriter.open(directory, layout, layout == SegmentLayout.V2 ? null : shm0, local, vmClock);
    }

    @Override
    public String address() {
        return directory.file(SegmentLayout.V2.fileName()).toString();
    }

    /**
     * Writes the bound, unless the time source has not replied yet and the record of the previous daemon is still valid.
     */
    @Override
    public synchronized void publish(PollOutcome poll) {
        if (isClosed) {
            return; // another daemon may own the segments by now
        }
        shm = publish(poll, SegmentLayout.V1, shm);
        shm0 = publish(poll, SegmentLayout.V2, shm0);
    }

    private SegmentWriter publish(PollOutcome poll, SegmentLayout layout, SegmentWriter segment) {
        SegmentWriter current = segment;
        try {
            // once a poll, with its outcome: a file that others replace is put back within a poll interval
            SegmentFileState state =
                    poll.result() == PollOutcome.Result.PENDING ? SegmentFileState.UNCHANGED : segment.state();
            if (state != SegmentFileState.UNCHANGED) {
                current = reopened(layout);
            }
            interference(state, segment).ifPresent(interference -> note(interference, layout));
            if (hasNewInformation(poll.result()) || !current.isInheritedRecordValid(local.monotonicNanos())) {
                current.write(withCurrentTrust(poll.bound()), isVmClockPublic(poll.bound()));
            }
            SegmentTruncation.check();
        } catch (IOException e) {
            failures.add("segment", () -> e);
        } catch (InternalError e) {
            note(SegmentInterference.TRUNCATED, layout);
        }
        return current;
    }

    private static Optional<SegmentInterference> interference(SegmentFileState state, SegmentWriter segment) {
        return switch (state) {
            case UNCHANGED -> segment.isWrittenByOthers() ? Optional.of(SegmentInterference.WRITTEN) : Optional.empty();
            case TRUNCATED -> Optional.of(SegmentInterference.TRUNCATED);
            case REPLACED -> Optional.of(SegmentInterference.REPLACED);
            case REMOVED -> Optional.of(SegmentInterference.REMOVED);
        };
    }

    private void note(SegmentInterference interference, SegmentLayout layout) {
        failures.add(interference, () -> new IOException(interference.explain(directory.file(layout.fileName()))));
    }

    @Override
    public List<String> problems() {
        return failures.current();
    }

    /** Stores UNKNOWN in a bound whose trust has expired, so that clients that ignore the void-after see it too. */
    private ClockErrorBound withCurrentTrust(ClockErrorBound bound) {
        if (bound.status().isTrusted() == bound.statusAt(local.monotonicNanos()).isTrusted()) {
            return bound;
        }
        return bound.withStatus(ClockStatus.UNKNOWN);
    }

    /** Tells whether clients of ClockBound 2 may be told of the VMClock: they fail when they may not read it. */
    private boolean isVmClockPublic(ClockErrorBound bound) {
        return bound.vmClock() != null && vmClock.isReadableByEverybody();
    }

    private static boolean hasNewInformation(PollOutcome.Result result) {
        return switch (result) {
            case PENDING, NO_ANSWER, REFERENCE_ERROR_UNKNOWN -> false;
            case SYNCHRONIZED, FREE_RUNNING, UNSYNCHRONIZED, STEPPED, DISRUPTED, DISRUPTION_FORCED, FAILED -> true;
        };
    }

    /** Releases the directory; the segments remain, and their records age. */
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
