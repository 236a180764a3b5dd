/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import io.clockbound.LocalClock;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.Services;
import io.clockbound.spi.TimeSource;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The product's client of chronyd, with its codecs, time-outs and repetitions, on a {@link VirtualNetwork}. */
public final class VirtualTimeSource implements TimeSource {

    private static final long POLL_NANOS = 900_000_000;
    private static final ChronyAddress ADDRESS =
            ChronyAddress.parseList("127.0.0.1:323").get(0);

    private final LocalClock clock;
    private final VirtualNetwork network;
    private final ChronyPoll questions = new ChronyPoll();
    private @Nullable ChronyClient client;

    /** Creates a source that asks the chronyd at the other end of a network. */
    public VirtualTimeSource(LocalClock clock, VirtualNetwork network) {
        this.clock = clock;
        this.network = network;
    }

    @Override
    public ClockSnapshot poll() throws IOException {
        long endNanos = clock.monotonicNanos() + POLL_NANOS;
        ChronyClient asking = client;
        if (asking == null) {
            VirtualSelectorProvider provider = new VirtualSelectorProvider(network);
            VirtualChannel channel = new VirtualChannel(provider, network);
            channel.configureBlocking(false);
            asking = ChronyClient.on(ChannelConnection.of(channel), ADDRESS, clock);
            client = asking;
        }
        try {
            return questions.ask(asking.until(endNanos));
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
            client = null;
        }
    }

    @Override
    public String peer() {
        return "a simulated chronyd";
    }

    @Override
    public String name() {
        return "virtual";
    }

    @Override
    public TimeSource with(Map<String, String> settings) {
        Services.requireKnown(name(), settings, Set.of());
        return this;
    }
}
