/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.Services;
import io.clockbound.spi.TimeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A chronyd that replies what a real one was recorded to reply. The product's own code asks it and decodes its replies.
 *
 * <p>For one thread.
 */
public final class RecordedChronyd implements TimeSource {

    private final ChronyPoll questions = new ChronyPoll();
    private ByteBuffer tracking = ByteBuffer.allocate(0);
    private List<ByteBuffer> sources = List.of();

    /** Creates a chronyd that has nothing to say yet. */
    public RecordedChronyd() {}

    /**
     * Sets what it replies from now on.
     *
     * @param trackingBody the body of its TRACKING reply
     * @param sourceBodies the bodies of its SOURCE_DATA replies, one for each source
     */
    public void reply(ByteBuffer trackingBody, List<ByteBuffer> sourceBodies) {
        tracking = trackingBody;
        sources = List.copyOf(sourceBodies);
    }

    @Override
    public ClockSnapshot poll() throws IOException {
        return questions.ask(this::answer);
    }

    private ByteBuffer answer(Request request) throws ChronyProtocolException {
        return switch (request.command()) {
            case TRACKING -> tracking;
            case N_SOURCES -> ByteBuffer.allocate(4).putInt(0, sources.size());
            case SOURCE_DATA -> {
                if (request.index() >= sources.size()) {
                    throw new ChronyRefusal(ChronyRefusal.NO_SUCH_SOURCE, "no such source");
                }
                yield sources.get(request.index());
            }
        };
    }

    @Override
    public String peer() {
        return "a recorded chronyd with " + sources.size() + " sources";
    }

    @Override
    public void close() {}

    @Override
    public String name() {
        return "recorded";
    }

    @Override
    public TimeSource with(Map<String, String> settings) {
        Services.requireKnown(name(), settings, Set.of());
        return this;
    }
}
