/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import io.clockbound.LocalClock;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;

/**
 * What came of asking chronyd at one address, for whoever looks for a fault. Immutable.
 *
 * @param address where it was asked, as in the setting {@code address} of {@link ChronyTimeSource}
 * @param result the kind of answer
 * @param detail in words, with the remedy; empty when everything was answered
 * @param state what chronyd said; present exactly when it answered
 */
public record ChronyWay(String address, Result result, String detail, Optional<ChronyState> state) {

    private static final long LIMIT_NANOS = 900_000_000;

    /** The kinds of answer. */
    public enum Result {
        /** chronyd answered. */
        ANSWERS,
        /** chronyd answered that it may not tell this over this way. */
        REFUSES,
        /** Nothing came back. */
        SILENT,
        /** The machine said that nobody listens there. */
        NOBODY_LISTENS,
        /** There is no such Unix socket. */
        NO_SOCKET,
        /** This user may not use the Unix socket. */
        DENIED,
        /** Anything else. */
        FAILED
    }

    /** Returns the addresses at which chronyd listens by default. */
    public static String defaultAddresses() {
        return ChronyAddress.DEFAULT;
    }

    /**
     * Asks chronyd at each of these addresses, one after another, with requests that only read; each takes a second at most.
     *
     * @param addresses as in the setting {@code address} of {@link ChronyTimeSource}
     * @throws IllegalArgumentException when one is no address; the message names it and the rule
     */
    public static List<ChronyWay> ask(String addresses) {
        return ChronyAddress.parseList(addresses).stream().map(ChronyWay::ask).toList();
    }

    private static ChronyWay ask(ChronyAddress address) {
        LocalClock clock = LocalClock.system();
        try (ChronyClient client = ChronyClient.on(
                address.connect(new HostLookup(InetAddress::getByName), LIMIT_NANOS / 2), address, clock)) {
            Exchange chronyd = client.until(clock.monotonicNanos() + LIMIT_NANOS);
            ChronyState state = ChronyState.ask(chronyd, clock);
            return new ChronyWay(
                    address.toString(), Result.ANSWERS, state.sourcesRefused().orElse(""), Optional.of(state));
        } catch (IOException e) {
            return new ChronyWay(address.toString(), resultOf(e), String.valueOf(e.getMessage()), Optional.empty());
        }
    }

    private static Result resultOf(IOException failure) {
        if (failure instanceof ChronyRefusal) {
            return Result.REFUSES;
        }
        if (failure instanceof SocketTimeoutException) {
            return Result.SILENT;
        }
        if (failure instanceof ConnectException) {
            return Result.NOBODY_LISTENS;
        }
        if (failure instanceof NoSuchFileException) {
            return Result.NO_SOCKET;
        }
        return failure instanceof AccessDeniedException ? Result.DENIED : Result.FAILED;
    }
}
