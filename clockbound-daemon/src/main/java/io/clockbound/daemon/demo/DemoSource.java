/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.demo;

import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.LeapStatus;
import io.clockbound.spi.ReferenceId;
import io.clockbound.spi.Services;
import io.clockbound.spi.TimeSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The time source of the demonstration, the best that this machine has.
 *
 * @param source the one that the daemon polls
 * @param description what it is, for a person to read
 * @param truth whose correction is the true offset of this machine's clock, when that is known
 * @param processes what ends with it
 */
record DemoSource(
        TimeSource source, String description, @Nullable TimeSource truth, List<PrivateChronyd> processes)
        implements AutoCloseable {

    private static final String OFFSET_SECONDS = "-0.05";

    DemoSource {
        processes = List.copyOf(processes);
    }

    static DemoSource find() throws IOException {
        TimeSource chrony = Services.named(TimeSource.class, "chrony");
        try {
            ClockSnapshot snapshot = chrony.poll();
            boolean isSynchronized = snapshot.leap() != LeapStatus.UNSYNCHRONIZED
                    && !snapshot.reference().equals(ReferenceId.NONE)
                    && !snapshot.reference().equals(ReferenceId.LOCAL);
            if (isSynchronized) {
                return new DemoSource(chrony, "the chronyd of this machine, " + chrony.peer(), null, List.of());
            }
        } catch (IOException e) {
            // no chronyd replies: the next best
        } finally {
            chrony.close();
        }
        return PrivateChronyd.isInstalled() ? ofPrivatePair() : ofSimulation();
    }

    /** Returns the offset of this machine's clock from true time in nanoseconds, when it is known. */
    OptionalLong trueOffsetNanos() throws IOException {
        return truth == null
                ? OptionalLong.empty()
                : OptionalLong.of(truth.poll().correctionNanos());
    }

    @Override
    public void close() {
        if (truth != null) {
            truth.close();
        }
        processes.forEach(PrivateChronyd::close);
    }

    private static DemoSource ofPrivatePair() throws IOException {
        List<PrivateChronyd> processes = new ArrayList<>();
        try {
            PrivateChronyd server = PrivateChronyd.server();
            processes.add(server);
            server.chronyc("doffset", OFFSET_SECONDS);
            PrivateChronyd client = PrivateChronyd.client(server.ntpPort(), "maxclockerror 50");
            processes.add(client);
            return new DemoSource(
                    client.timeSource(),
                    "a private chronyd, whose private server is made to be 50 ms ahead of this machine",
                    server.timeSource(),
                    processes);
        } catch (IOException | RuntimeException e) {
            processes.forEach(PrivateChronyd::close);
            throw e;
        }
    }

    private static DemoSource ofSimulation() {
        return new DemoSource(
                new SimulatedTimeSource(),
                "simulated, because no chronyd is installed: it claims an error of 1 ms and knows nothing",
                null,
                List.of());
    }
}
