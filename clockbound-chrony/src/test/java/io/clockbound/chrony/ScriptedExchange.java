/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import io.clockbound.chrony.testing.Answer;
import io.clockbound.chrony.testing.SourceReply;
import io.clockbound.chrony.testing.TrackingReply;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.EstimateOnly;
import io.clockbound.spi.Measurement;
import io.clockbound.spi.ReferenceId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** A chronyd that is polled without a socket, and that may change before each of its replies. */
final class ScriptedExchange implements Exchange {

    static final TrackingReply TRACKING = TrackingReply.synchronizedTo(new ReferenceId(0x0A000001, true));
    static final SourceReply FOLLOWED = SourceReply.followedBy(TRACKING);
    static final SourceReply OTHER = FOLLOWED.withAddress(SourceReply.ip((byte) 10, (byte) 0, (byte) 0, (byte) 2))
            .withState(SourceReply.SELECTABLE)
            .withMeasurement(7e-6, 7e-6);

    /** The questions of the last poll. */
    final List<String> asked = new ArrayList<>();

    /** What it replies. */
    Answer answer = Answer.tracking(TRACKING);

    /** Is told before each reply of a poll which one it is, from 1. */
    IntConsumer beforeReply = number -> {};

    private final ChronyPoll poll = new ChronyPoll();

    /** Has these sources from now on. */
    void has(SourceReply... sources) {
        answer = Answer.tracking(TRACKING, List.of(sources));
    }

    /** Changes before that reply of the next poll. */
    void before(int reply, Runnable change) {
        beforeReply = number -> {
            if (number == reply) {
                change.run();
            }
        };
    }

    @Override
    public ByteBuffer ask(Request request) throws IOException {
        asked.add(request.command() + (request.command() == Command.SOURCE_DATA ? " " + request.index() : ""));
        beforeReply.accept(asked.size());
        byte[] reply = answer.to(request.encode(0, 1).array()).get(0);
        return Reply.decode(ByteBuffer.wrap(reply)).bodyOf(request.command());
    }

    /** Polls it. */
    ClockSnapshot poll() throws IOException {
        asked.clear();
        return poll.ask(this);
    }

    /** Polls it, and returns what it measured. */
    Measurement measurement() throws IOException {
        return (Measurement) poll().basis();
    }

    /** Polls it, and returns why it tells no measurement. */
    String whyEstimateOnly() throws IOException {
        return ((EstimateOnly) poll().basis()).reason();
    }
}
