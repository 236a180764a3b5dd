/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.Poll;
import io.clockbound.Witness;
import io.clockbound.testing.BoundedClockContract;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A client is a {@link BoundedClock} like any other: here, one of a server on the same simulated machine. */
abstract class ClientContract extends BoundedClockContract {

    private static final int DRIFT_PPB = 1_000;

    private final Published published = new Published();

    @TempDir
    private Path directory;

    private TransportServer server;
    private BoundedClock client;

    abstract Transport transport(Path directory);

    abstract BoundedClock client(Path directory, LocalClock machine) throws IOException;

    @BeforeEach
    void connect() throws IOException {
        server = transport(directory).serve(published, () -> "{}", local, failure -> {});
        client = client(directory, local);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Override
    protected BoundedClock clock() {
        return client;
    }

    @Override
    protected void synchronize(Duration halfWidth) {
        publish(Poll.Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED, halfWidth.toNanos());
    }

    @Override
    protected void distrust() {
        publish(Poll.Result.UNSYNCHRONIZED, ClockStatus.UNKNOWN, 1);
    }

    private void publish(Poll.Result result, ClockStatus status, long boundNanos) {
        Witness witness = Witness.take(local);
        long asOfNanos = witness.takenNanos();
        long voidAfterNanos = asOfNanos + Duration.ofHours(2).toNanos();
        published.bound =
                new ClockErrorBound(asOfNanos, voidAfterNanos, boundNanos, DRIFT_PPB, status, witness.nanos(), 0);
        server.publish(new Poll(result, "a test", Optional.empty(), 0, published.bound));
    }

    /** The clock that is served. */
    private final class Published implements BoundedClock {

        private volatile ClockErrorBound bound = new ClockErrorBound(0, 0, 1, 0, ClockStatus.UNKNOWN, 0, 0);

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
}
