/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.sim;

import io.clockbound.BoundedClock;
import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import io.clockbound.PollOutcome;
import io.clockbound.PolledClock;
import io.clockbound.VmClock;
import io.clockbound.chrony.VirtualTimeSource;
import io.clockbound.spi.ErrorBoundProvider;
import io.clockbound.transport.TransportServer;
import io.clockbound.transport.VirtualClients;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The product's own code on a simulated machine: the client of chronyd, the tracker, the embedded clock, the servers and their
 * clients. It can be killed and started anew; the segments stay.
 */
final class Product {

    private final Timeline time;
    private final Wire wire;
    private final HostSetup setup;
    private final ChronydSetup chronyd;
    private final List<Reference> references;
    private final List<ErrorBoundProvider> providers;
    private final @Nullable Path vmClock;
    private final @Nullable Path segments;
    private PolledClock polled;
    private @Nullable TransportServer server;
    private @Nullable BoundedClock reader;
    private long askedNanos;
    private boolean hasPolled;

    /** True time, before the poll whose reply made the present bound. */
    long boundAskedNanos = Long.MIN_VALUE;

    /** The drift of that bound. */
    long boundDriftPpb;

    /** The outcome of the last poll, in words. */
    String lastDetail = "";

    /** Is told what is published. */
    Consumer<PollOutcome> diary = outcome -> {};

    /** The trust that is published. */
    ClockStatus boundStatus = ClockStatus.UNKNOWN;

    Product(
            Timeline time,
            Wire wire,
            HostSetup setup,
            ChronydSetup chronyd,
            List<Reference> references,
            List<ErrorBoundProvider> providers,
            @Nullable Path vmClock,
            @Nullable Path segments) {
        this.time = time;
        this.wire = wire;
        this.setup = setup;
        this.chronyd = chronyd;
        this.references = references;
        this.providers = providers;
        this.vmClock = vmClock;
        this.segments = segments;
        this.polled = start();
    }

    /** Starts anew, knowing nothing but what the segments say. */
    void restart() {
        close();
        polled = start();
        hasPolled = false;
    }

    private PolledClock start() {
        PolledClock started = new PolledClock(
                time.clock,
                new VirtualTimeSource(time.clock, wire),
                providers,
                setup.settings(chronyd, references),
                this::published,
                vmClock == null ? null : new VmClock(vmClock));
        if (segments != null) {
            Path page = vmClock == null ? segments.resolve("no-vmclock") : vmClock;
            try {
                server = VirtualClients.serveSegments(segments, page, started.clock(), time.clock);
                if (reader == null) {
                    reader = VirtualClients.openSegment(segments, page, time.clock);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return started;
    }

    private void published(PollOutcome outcome) {
        lastDetail = outcome.result() == PollOutcome.Result.PENDING ? lastDetail : outcome.detail();
        diary.accept(outcome);
        boundStatus = outcome.bound().status();
        if (outcome.result() == PollOutcome.Result.SYNCHRONIZED
                || outcome.result() == PollOutcome.Result.FREE_RUNNING) {
            boundAskedNanos = askedNanos;
            boundDriftPpb = outcome.bound().maxDriftPpb();
        }
        if (server != null) {
            server.publish(outcome);
        }
    }

    /** Polls, and returns how long to wait before the next poll. */
    long poll() {
        askedNanos = time.nowNanos();
        long untilNextNanos = polled.poll().toNanos();
        hasPolled = true;
        return untilNextNanos;
    }

    /** Tells whether it has looked at the clocks since it was started. */
    boolean hasPolled() {
        return hasPolled;
    }

    /** Reads as an embedding program does. */
    BoundedInstant read() {
        return polled.clock().read();
    }

    /** Reads as a client of the daemon's socket does. */
    BoundedInstant readOverProtocol() {
        try {
            return VirtualClients.readOverProtocol(polled.clock(), time.clock);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads through shared memory; as {@link #read} where there is none. */
    BoundedInstant readSegment() {
        return reader == null ? read() : reader.read();
    }

    void close() {
        if (server != null) {
            server.close();
            server = null;
        }
    }

    void closeAll() {
        close();
        if (reader != null) {
            reader.close();
        }
    }
}
