/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import io.clockbound.LocalClock;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.ReferenceId;
import io.clockbound.spi.Services;
import io.clockbound.spi.SourceState;
import io.clockbound.spi.TimeSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * chronyd as time source; tried with 4.3 to 4.9. For one thread.
 *
 * <p>The setting {@code address} says where to ask: {@code unix:PATH}, {@code HOST:PORT}, {@code [IPV6]:PORT} or several
 * of them, separated by commas; the default is {@code /run/chrony/chronyd.sock}, then {@code 127.0.0.1:323}, then
 * {@code [::1]:323}. The first address that replies is asked until it fails; the others are then asked in the same poll.
 */
public final class ChronyTimeSource implements TimeSource {

    private static final String ADDRESS = "address";
    private static final long POLL_NANOS = 900_000_000;

    /** How long a look for problems waits for a name server, which takes up to five seconds for one try. */
    private static final long LOOKUP_NANOS = 5_000_000_000L;

    private final List<ChronyAddress> addresses;
    private final LocalClock clock = LocalClock.system();
    private final HostLookup names = new HostLookup(InetAddress::getByName);
    private final ChronyPoll questions = new ChronyPoll();

    /** The addresses, the one of the client first. */
    private List<ChronyAddress> order;

    /** The address that answered last; null until one has. */
    private @Nullable ChronyAddress answered;

    /** Kept between polls, because a new UDP socket for each poll raises an idle daemon's cost by half. */
    private @Nullable ChronyClient client;

    /** Creates a source that asks where chronyd listens by default. */
    public ChronyTimeSource() {
        this(ChronyAddress.parseList(ChronyAddress.DEFAULT));
    }

    private ChronyTimeSource(List<ChronyAddress> addresses) {
        this.addresses = addresses;
        this.order = addresses;
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
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (ChronyAddress address : addresses) {
            try {
                address.requireHost(names, LOOKUP_NANOS);
            } catch (IOException e) {
                problems.add("time-source-option address=" + address + ": " + e.getMessage());
            }
        }
        problems.addAll(problemsOfPermission());
        return problems;
    }

    /** Returns why this user may ask at no address; one that may be asked is enough. */
    private List<String> problemsOfPermission() {
        List<String> problems = new ArrayList<>();
        for (ChronyAddress address : addresses) {
            try {
                address.requirePermission();
                return List.of();
            } catch (AccessDeniedException e) {
                problems.add("time-source-option address=" + address + ": " + e.getMessage());
            }
        }
        return problems;
    }

    /** Asks one address after another; each may take its share of the time that is left. */
    @Override
    public ClockSnapshot poll() throws IOException {
        long endNanos = clock.monotonicNanos() + POLL_NANOS;
        Map<ChronyAddress, IOException> failures = new HashMap<>();
        List<ChronyAddress> candidates = order;
        for (ChronyAddress address : candidates) {
            long nowNanos = clock.monotonicNanos();
            long shareNanos = (endNanos - nowNanos) / (candidates.size() - failures.size());
            try {
                return poll(address, nowNanos + shareNanos);
            } catch (IOException e) {
                failures.put(address, e);
            }
        }
        throw allOf(failures);
    }

    private ClockSnapshot poll(ChronyAddress address, long deadlineNanos) throws IOException {
        ChronyClient kept = client;
        if (kept != null) {
            try {
                return ask(kept, deadlineNanos);
            } catch (SocketTimeoutException | ChronyProtocolException e) {
                throw e;
            } catch (IOException e) {
                // a restarted chronyd can be reached only through a new Unix socket
            }
        }
        long leftNanos = Math.max(1, deadlineNanos - clock.monotonicNanos());
        long lookupNanos = Math.min(ChronyClient.NANOS_PER_TRY, leftNanos / 2);
        client = ChronyClient.on(address.connect(names, lookupNanos), address, clock);
        ClockSnapshot snapshot = ask(client, deadlineNanos);
        answered = address;
        order = Stream.concat(Stream.of(address), addresses.stream()).distinct().toList();
        return snapshot;
    }

    private ClockSnapshot ask(ChronyClient chronyd, long deadlineNanos) throws IOException {
        try {
            return questions.ask(chronyd.until(deadlineNanos));
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public List<SourceState> sources(Duration limit) throws IOException {
        ChronyClient chronyd = client;
        if (chronyd == null) {
            return List.of();
        }
        try {
            return ChronyPoll.sources(chronyd.until(clock.monotonicNanos() + limit.toNanos()));
        } catch (ChronyRefusal e) {
            return List.of(); // its 'opencommands' have no sources
        } catch (IOException e) {
            chronyd.close(); // it is not usable after a failure; the next poll opens another
            client = null;
            throw e;
        }
    }

    @Override
    public void close() {
        order = addresses;
        if (client != null) {
            client.close();
            client = null;
        }
    }

    @Override
    public String peer() {
        return client == null ? ChronyAddress.join(addresses) : order.get(0).toString();
    }

    @Override
    public String nameOf(ReferenceId reference) {
        return questions.nameOf(reference);
    }

    /**
     * Returns one failure of all addresses, in an order that does not depend on the one in which they were asked, so that what
     * has not changed reads the same after each poll. The address that answered before comes first: why it does not any more is
     * the reason, while another may never have been meant to answer. One that this user may not use comes last: of it nobody
     * knows whether chronyd runs. What is the same at several addresses is said once.
     */
    private IOException allOf(Map<ChronyAddress, IOException> failures) {
        Map<String, String> addressesByReason = new LinkedHashMap<>();
        Stream.concat(
                        Stream.ofNullable(answered),
                        addresses.stream().sorted(Comparator.comparing(it -> isDenied(failures.get(it)))))
                .distinct()
                .forEach(address -> addressesByReason.merge(
                        String.valueOf(
                                Objects.requireNonNull(failures.get(address)).getMessage()),
                        address.toString(),
                        (before, other) -> before + ", " + other));
        IOException all = new IOException(addressesByReason.entrySet().stream()
                .map(reason -> reason.getValue() + ": " + reason.getKey())
                .collect(Collectors.joining("; ")));
        failures.values().forEach(all::addSuppressed);
        return all;
    }

    private static boolean isDenied(@Nullable IOException failure) {
        return failure instanceof AccessDeniedException;
    }
}
