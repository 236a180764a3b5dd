/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.PollOutcome;
import io.clockbound.Witness;
import io.clockbound.testing.BoundedClockContract;
import io.clockbound.testing.OrderContract;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The contract of a clock, held by the client of a transport whose server is on the same simulated machine. */
abstract class ServedClockContract extends BoundedClockContract {

    private static final Duration LIFE = Duration.ofSeconds(1000);

    @TempDir
    private Path directory;

    private volatile ClockErrorBound bound = ClockErrorBound.unknown();
    private TransportServer server;
    private BoundedClock client;

    /** Returns the transport, with all its files in this directory. */
    abstract Transport transport(Path directory);

    /** Returns a client of what serves in this directory. */
    abstract BoundedClock open(Path directory, LocalClock machine) throws IOException;

    @BeforeEach
    void serve() throws IOException {
        server = transport(directory).serve(new Published(), () -> "{}", local, failure -> {});
        client = open(directory, local);
    }

    @AfterEach
    void closeServer() {
        server.close();
    }

    @Override
    protected BoundedClock clock() {
        return client;
    }

    @Override
    protected void synchronize(Duration halfWidth) {
        publish(PollOutcome.Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED, halfWidth);
    }

    @Override
    protected void distrust() {
        publish(PollOutcome.Result.UNSYNCHRONIZED, ClockStatus.UNKNOWN, LIFE);
    }

    private void publish(PollOutcome.Result result, ClockStatus status, Duration halfWidth) {
        Witness witness = Witness.take(local);
        long asOf = witness.takenNanos();
        long boundNanos = halfWidth.toNanos() + witness.errorNanos();
        bound = new ClockErrorBound(asOf, asOf + LIFE.toNanos(), 0, boundNanos, 50_000, status, witness.nanos(), null);
        server.publish(new PollOutcome(
                result,
                "as the test says",
                "a peer",
                Optional.empty(),
                Optional.empty(),
                bound,
                bound.voidAfterNanos(),
                0));
    }

    /** The clock that is served. */
    private final class Published implements BoundedClock {

        @Override
        public BoundedInstant read() {
            return bound.read(local);
        }

        @Override
        public String description() {
            return "what the test published";
        }

        @Override
        public void close() {}
    }

    @Nested
    class Order extends OrderContract {
        Order() {
            super(ServedClockContract.this);
        }
    }
}
