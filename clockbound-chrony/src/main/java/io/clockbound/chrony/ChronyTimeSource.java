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
    private static final long NANOS_PER_POLL = 900_000_000;

    private final List<ChronyAddress> addresses;
    private final LocalClock clock = LocalClock.system();
    private final HostLookup names = new HostLookup(InetAddress::getByName);
    private final AtomicReference<@Nullable ChronyClient> client = new AtomicReference<>();
    private final AtomicInteger closings = new AtomicInteger();
    private final ChronyPoll questions = new ChronyPoll();
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

    /** Asks one address after another; each may take its share of the time that is left. */
    @Override
    public ClockSnapshot poll() throws IOException {
        int closingsBefore = closings.get();
        long endNanos = clock.monotonicNanos() + NANOS_PER_POLL;
        List<ChronyAddress> order = answeringFirst();
        List<IOException> failures = new ArrayList<>();
        for (ChronyAddress address : order) {
            long nowNanos = clock.monotonicNanos();
            long shareNanos = (endNanos - nowNanos) / (order.size() - failures.size());
            try {
                return poll(address, nowNanos + shareNanos, closingsBefore);
            } catch (IOException e) {
                failures.add(new IOException(address + ": " + e.getMessage(), e));
            }
        }
        throw allOf(failures);
    }

    private List<ChronyAddress> answeringFirst() {
        ChronyAddress first = answering;
        return Stream.concat(Stream.ofNullable(first), addresses.stream())
                .distinct()
                .toList();
    }

    private ClockSnapshot poll(ChronyAddress address, long deadlineNanos, int closingsBefore) throws IOException {
        ChronyClient open = client.get();
        if (open != null && open.address().equals(address)) {
            try {
                return questions.ask(open.until(deadlineNanos));
            } catch (SocketTimeoutException | ChronyProtocolException e) {
                replaceClient(null);
                throw e;
            } catch (IOException e) {
                replaceClient(null); // a chronyd that was restarted is reached by a new Unix socket only
            }
        }
        return pollAnew(address, deadlineNanos, closingsBefore);
    }

    private ClockSnapshot pollAnew(ChronyAddress address, long deadlineNanos, int closingsBefore) throws IOException {
        long leftNanos = Math.max(1, deadlineNanos - clock.monotonicNanos());
        long lookupNanos = Math.min(ChronyClient.NANOS_PER_TRY, leftNanos / 2);
        ChronyClient fresh = ChronyClient.on(address.connect(names, lookupNanos), address, clock);
        replaceClient(fresh);
        try {
            if (closings.get() != closingsBefore) {
                throw new IOException("closed while asking");
            }
            ClockSnapshot snapshot = questions.ask(fresh.until(deadlineNanos));
            answering = address;
            return snapshot;
        } catch (IOException e) {
            replaceClient(null);
            throw e;
        }
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

    private static IOException allOf(List<IOException> failures) {
        if (failures.size() == 1) {
            return failures.get(0);
        }
        IOException all =
                new IOException(failures.stream().map(IOException::getMessage).collect(Collectors.joining("; ")));
        failures.forEach(all::addSuppressed);
        return all;
    }
}
