/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import io.clockbound.LocalClock;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.Services;
import io.clockbound.spi.TimeSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * chronyd (chrony 3.0 or later) as time source.
 *
 * <p>The setting {@code address} says where to ask: {@code unix:PATH}, {@code HOST:PORT}, {@code [IPV6]:PORT} or several
 * of them with commas between; without it {@code /run/chrony/chronyd.sock}, then {@code 127.0.0.1:323}, then
 * {@code [::1]:323}. The first that answers is asked until it fails; then, in the same poll, the others are.
 */
public final class ChronyTimeSource implements TimeSource {

    private static final String ADDRESS = "address";
    private static final long NANOS_PER_TRY = 200_000_000;
    private static final long NANOS_PER_POLL = 1_200_000_000;

    private final List<ChronyAddress> addresses;
    private final LocalClock clock = LocalClock.system();
    private final HostLookup names = new HostLookup(InetAddress::getByName);
    private final AtomicReference<@Nullable ChronyClient> client = new AtomicReference<>();
    private final AtomicInteger closings = new AtomicInteger();
    private volatile @Nullable ChronyAddress answering;

    /** The one that asks where chronyd listens by default. */
    public ChronyTimeSource() {
        this(ChronyAddress.parseList(ChronyAddress.DEFAULT));
    }

    private ChronyTimeSource(List<ChronyAddress> addresses) {
        this.addresses = addresses;
    }

    @Override
    public String name() {
        return "chrony";
    }

    @Override
    public ChronyTimeSource with(Map<String, String> settings) {
        Services.requireKnown(name(), settings, Set.of(ADDRESS));
        return new ChronyTimeSource(
                settings.containsKey(ADDRESS) ? ChronyAddress.parseList(settings.get(ADDRESS)) : addresses);
    }

    @Override
    public ClockSnapshot poll() throws IOException {
        int closingsBefore = closings.get();
        return inTurn(answeringFirst(), (address, nanosPerTry) -> poll(address, nanosPerTry, closingsBefore));
    }

    private List<ChronyAddress> answeringFirst() {
        ChronyAddress first = answering;
        return Stream.concat(Stream.ofNullable(first), addresses.stream())
                .distinct()
                .toList();
    }

    private ClockSnapshot poll(ChronyAddress address, long nanosPerTry, int closingsBefore) throws IOException {
        ChronyClient open = client.get();
        if (open != null && open.address().equals(address)) {
            try {
                return open.tracking(nanosPerTry).toSnapshot();
            } catch (SocketTimeoutException | ChronyProtocolException e) {
                replaceClient(null);
                throw e;
            } catch (IOException e) {
                replaceClient(null); // a chronyd that was restarted is reached by a new Unix socket only
            }
        }
        return pollAnew(address, nanosPerTry, closingsBefore);
    }

    private ClockSnapshot pollAnew(ChronyAddress address, long nanosPerTry, int closingsBefore) throws IOException {
        ChronyClient fresh = connect(address, nanosPerTry);
        replaceClient(fresh);
        try {
            if (closings.get() != closingsBefore) {
                throw new IOException("closed while asking");
            }
            ClockSnapshot snapshot = fresh.tracking(nanosPerTry).toSnapshot();
            answering = address;
            return snapshot;
        } catch (IOException e) {
            replaceClient(null);
            throw e;
        }
    }

    private ChronyClient connect(ChronyAddress address, long nanosPerTry) throws IOException {
        return ChronyClient.on(address.connect(names, nanosPerTry), address, clock);
    }

    @Override
    public void close() {
        closings.incrementAndGet();
        replaceClient(null);
    }

    private void replaceClient(@Nullable ChronyClient next) {
        ChronyClient previous = client.getAndSet(next);
        answering = null;
        if (previous != null) {
            previous.close();
        }
    }

    @Override
    public String peer() {
        ChronyAddress known = answering;
        return known == null ? ChronyAddress.join(addresses) : known.toString();
    }

    /**
     * Has chronyd drop all measurements and start anew; it is not synchronised until then. May be called by any thread.
     *
     * @throws IOException when chronyd did not confirm it, or no Unix socket is among the addresses: it takes this
     *     command there only
     */
    public void resetSources() throws IOException {
        command(ChronyClient::resetSources);
    }

    /**
     * Has chronyd measure all its sources in quick succession. May be called by any thread.
     *
     * @param goodMeasurements how many usable measurements end it
     * @param totalMeasurements how many measurements end it in any case
     * @throws IOException when chronyd did not confirm it, or no Unix socket is among the addresses: it takes this
     *     command there only
     */
    public void burst(int goodMeasurements, int totalMeasurements) throws IOException {
        command((asked, nanosPerTry) -> asked.burst(goodMeasurements, totalMeasurements, nanosPerTry));
    }

    private void command(Order order) throws IOException {
        List<ChronyAddress> sockets =
                addresses.stream().filter(UnixAddress.class::isInstance).toList();
        if (sockets.isEmpty()) {
            throw new IOException(
                    ChronyAddress.join(addresses) + ": chronyd takes this command on its Unix socket only;"
                            + " add unix:/run/chrony/chronyd.sock to the addresses");
        }
        inTurn(sockets, (address, nanosPerTry) -> {
            try (ChronyClient ownClient = connect(address, nanosPerTry)) {
                order.give(ownClient, nanosPerTry);
                return address;
            }
        });
    }

    private <T> T inTurn(List<ChronyAddress> order, Question<T> question) throws IOException {
        long startedAt = clock.monotonicNanos();
        List<IOException> failures = new ArrayList<>();
        for (ChronyAddress address : order) {
            long left = NANOS_PER_POLL - (clock.monotonicNanos() - startedAt);
            long triesLeft = (long) ChronyClient.TRIES * (order.size() - failures.size());
            try {
                return question.ask(address, Math.min(NANOS_PER_TRY, left / triesLeft));
            } catch (IOException e) {
                failures.add(new IOException(address + ": " + e.getMessage(), e));
            }
        }
        throw allOf(failures);
    }

    private static IOException allOf(List<IOException> failures) {
        if (failures.size() == 1) {
            return failures.get(0);
        }
        IOException all =
                new IOException(failures.stream().map(IOException::getMessage).collect(Collectors.joining("; ")));
        failures.forEach(all::addSuppressed);
        return all;
    }

    private interface Question<T> {
        T ask(ChronyAddress address, long nanosPerTry) throws IOException;
    }

    private interface Order {
        void give(ChronyClient client, long nanosPerTry) throws IOException;
    }
}
