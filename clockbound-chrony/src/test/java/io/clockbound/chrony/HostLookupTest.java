/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HostLookupTest {

    private static final long LONG = 50_000_000_000L;
    private static final long SHORT = 1_000_000;

    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch nameServerAnswers = new CountDownLatch(1);
    private final HostLookup names = new HostLookup(host -> {
        asked.incrementAndGet();
        if (host.equals("unknown")) {
            throw new UnknownHostException(host);
        }
        if (host.equals("slow")) {
            awaitNameServer();
        }
        return InetAddress.getByAddress(host, new byte[] {10, 0, 0, 1});
    });

    private void awaitNameServer() {
        try {
            nameServerAnswers.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void findsTheAddressAnewEachTime() throws IOException {
        assertThat(names.find("host", LONG).getHostAddress()).isEqualTo("10.0.0.1");
        names.find("host", LONG);
        assertThat(asked).hasValue(2);
    }

    @Test
    void whereTheSystemGrantsNoThreadTheErrorNamesTheLimitAndTheNextLookupTriesAgain() throws IOException {
        AtomicInteger refusals = new AtomicInteger(1);
        HostLookup limited =
                new HostLookup(host -> InetAddress.getByAddress(host, new byte[] {10, 0, 0, 1}), thread -> {
                    if (refusals.getAndDecrement() > 0) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    thread.start();
                });
        assertThatThrownBy(() -> limited.find("host", LONG))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no thread")
                .hasMessageContaining("TasksMax=");
        assertThat(limited.find("host", LONG).getHostAddress()).isEqualTo("10.0.0.1");
    }

    @Test
    void anUnknownNameIsAnErrorEachTime() {
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> names.find("unknown", LONG)).hasMessage("no host of this name is known");
        }
        assertThat(asked).hasValue(2);
    }

    @Test
    void aNameServerThatHangsIsWaitedForUntilTheDeadlineAndAskedOnce() throws IOException {
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> names.find("slow", SHORT))
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessageStartingWith("the name server does not reply in time");
        }
        assertThat(names.find("host", LONG).getHostAddress()).isEqualTo("10.0.0.1");
        nameServerAnswers.countDown();
        assertThat(names.find("slow", LONG).getHostAddress()).isEqualTo("10.0.0.1");
        assertThat(asked).hasValue(2);
    }

    @Test
    void anInterruptEndsTheWaitingAndIsKept() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> names.find("slow", LONG)).isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
        nameServerAnswers.countDown();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:323", "[::1]:323"})
    void aNumericAddressNeedsNoLookup(String text) throws IOException {
        assumeTrue(!text.startsWith("[") || Loopback.hasIpv6(), "this host has no ::1");
        try (Connection connection = UdpAddress.parse(text).connect(names, 0)) {
            assertThat(connection).isInstanceOf(ChannelConnection.class);
        }
        assertThat(asked).hasValue(0);
    }

    @Test
    void aNameIsLookedUp() {
        assertThatThrownBy(() -> UdpAddress.parse("unknown:323").connect(names, LONG))
                .hasMessage("no host of this name is known");
        assertThat(asked).hasValue(1);
    }
}
