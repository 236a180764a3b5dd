/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.sim;

import io.clockbound.chrony.VirtualNetwork;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Carries requests to a simulated chronyd and its replies back: late, twice, in another order, or not at all. */
final class Wire implements VirtualNetwork {

    private final Timeline time;
    private final SimulatedChronyd chronyd;
    private final Queue<byte[]> arrived = new ArrayDeque<>();
    private int socket;

    /** How likely something is wrong with a datagram. */
    double trouble;

    /** Is called while the client waits. */
    Runnable whileWaiting = () -> {};

    Wire(Timeline time, SimulatedChronyd chronyd) {
        this.time = time;
        this.chronyd = chronyd;
    }

    @Override
    public void open() {
        socket++;
        arrived.clear();
    }

    @Override
    public void send(byte[] request) {
        int from = socket;
        if (trouble > 0 && time.is(trouble / 4)) {
            return;
        }
        deliver(request, from, travelNanos());
        if (trouble > 0 && time.is(trouble / 4)) {
            deliver(request, from, travelNanos());
        }
    }

    private void deliver(byte[] request, int from, long nanos) {
        time.after(nanos, () -> {
            if (!chronyd.isRunning()) {
                return;
            }
            if (chronyd.isHanging()) {
                deliver(request, from, chronyd.hangsForNanos());
                return;
            }
            byte[] reply = chronyd.replies.to(request);
            if (trouble > 0 && time.is(trouble / 4)) {
                return;
            }
            arriveAfter(reply, from, travelNanos());
            if (trouble > 0 && time.is(trouble / 4)) {
                arriveAfter(reply, from, travelNanos());
            }
        });
    }

    private void arriveAfter(byte[] reply, int from, long nanos) {
        time.after(nanos, () -> {
            if (from == socket) {
                arrived.add(reply);
            }
        });
    }

    /** Returns how long a datagram takes on this machine. */
    private long travelNanos() {
        return trouble > 0 && time.is(trouble)
                ? time.logUniform(Timeline.MILLI, 2 * Timeline.SECOND)
                : time.between(1_000, 30_000);
    }

    @Override
    public byte @Nullable [] receive() {
        return arrived.poll();
    }

    @Override
    public void await(long nanos) {
        long endNanos = time.nowNanos() + nanos;
        while (arrived.isEmpty() && time.nowNanos() < endNanos) {
            long nextNanos = Math.min(time.untilNextNanos(), endNanos - time.nowNanos());
            time.advance(nextNanos);
            if (nextNanos > Timeline.MILLI) {
                whileWaiting.run();
            }
        }
    }
}
