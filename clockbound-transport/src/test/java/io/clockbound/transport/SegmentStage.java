/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.PollOutcome;
import io.clockbound.PollOutcome.Result;
import io.clockbound.Witness;
import io.clockbound.testing.SimulatedClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A directory of segments, and a machine whose time passes when the test says so. */
record SegmentStage(Path directory, SimulatedClock local, List<IOException> failures) {

    SegmentStage(Path directory) {
        this(directory, new SimulatedClock(Instant.parse("2026-11-24T00:00:00Z")), new ArrayList<>());
    }

    Path shm() {
        return directory.resolve("shm");
    }

    Path shm0() {
        return directory.resolve("shm0");
    }

    TransportServer serve() throws IOException {
        return serve(local);
    }

    TransportServer serve(LocalClock other) throws IOException {
        Transport transport = new ShmTransport().with(Map.of("shm-dir", directory.toString()));
        return transport.serve(new SettableClock(), () -> "{}", other, failures::add);
    }

    /** Lets a daemon publish once. */
    void serveOnce(ClockStatus status) throws IOException {
        try (TransportServer server = serve()) {
            server.publish(poll(Result.SYNCHRONIZED, status));
        }
    }

    SegmentClock open(Path path) throws IOException {
        return SegmentClock.open(path, "", local);
    }

    PollOutcome poll(Result result, ClockStatus status) {
        return poll(local, result, status);
    }

    /** Returns a poll made just now by a clock that is wrong by at most 50 µs. */
    static PollOutcome poll(LocalClock clock, Result result, ClockStatus status) {
        return poll(clock, result, status, 0);
    }

    /** Returns a poll made just now by a clock that is wrong by so much, and at most 50 µs more or less. */
    static PollOutcome poll(LocalClock clock, Result result, ClockStatus status, long correctionNanos) {
        Witness witness = Witness.take(clock);
        long asOf = witness.takenNanos();
        long boundNanos = 50_000 + witness.errorNanos();
        ClockErrorBound bound = new ClockErrorBound(
                asOf, asOf + 1_000_000_000_007L, correctionNanos, boundNanos, 50_000, status, witness.nanos(), null);
        return new PollOutcome(
                result,
                "as the test says",
                "a peer",
                Optional.empty(),
                Optional.empty(),
                bound,
                bound.voidAfterNanos(),
                0);
    }

    static ByteBuffer bytes(Path path) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.nativeOrder());
    }

    /** Returns the code of the status that stands in the segment. */
    static int status(Path segment) throws IOException {
        return bytes(segment).getInt(segment.endsWith("shm") ? 64 : 68);
    }

    static Object inode(Path path) throws IOException {
        return Files.getAttribute(path, "unix:ino");
    }

    static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    }

    List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
