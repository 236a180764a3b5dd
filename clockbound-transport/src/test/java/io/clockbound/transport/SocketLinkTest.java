/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockbound.LocalClock;
import io.clockbound.transport.ScriptedServer.Asked;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;

@Timeout(60)
class SocketLinkTest {

    private static final String FROM_3_TO_4 = "01010000" + "0000000000000003" + "0000000000000004";
    private static final Response ANSWER = new Response.Interval(false, 3, 4);

    private final LocalClock local = LocalClock.system();

    @TempDir
    private Path directory;

    @Test
    void aResponseOnAStreamMayComeInPieces() throws Exception {
        SocketEndpoint endpoint = endpoint(SocketEndpoint.Kind.STREAM);
        try (ScriptedServer server = ScriptedServer.at(endpoint);
                SocketLink link = endpoint.open(local)) {
            CompletableFuture<Response> answer = CompletableFuture.supplyAsync(() -> ask(link));
            Asked asked = server.next();
            for (int i = 0; i < FROM_3_TO_4.length(); i += 2) {
                asked.answer(FROM_3_TO_4.substring(i, i + 2));
            }
            assertThat(answer.join()).isEqualTo(ANSWER);
        }
    }

    @Test
    void aStreamThatEndsWithinAResponseIsAnError() throws Exception {
        SocketEndpoint endpoint = endpoint(SocketEndpoint.Kind.STREAM);
        try (ScriptedServer server = ScriptedServer.at(endpoint);
                SocketLink link = endpoint.open(local)) {
            CompletableFuture<Response> answer = CompletableFuture.supplyAsync(() -> ask(link));
            Asked asked = server.next();
            asked.answer(FROM_3_TO_4.substring(0, 38));
            asked.hangUp();
            assertThatThrownBy(answer::join).hasRootCauseMessage("it closed the connection");
        }
    }

    /** As ClockBound 0.1.4 sends it, with numbers that look like an interval. */
    @Test
    void aDatagramOfTwentyBytesMayBeAnError() throws Exception {
        SocketEndpoint endpoint = endpoint(SocketEndpoint.Kind.DATAGRAM);
        try (ScriptedServer server = ScriptedServer.at(endpoint);
                SocketLink link = endpoint.open(local)) {
            server.alwaysAnswer(FROM_3_TO_4.replaceFirst("0101", "0100"));
            assertThat(ask(link)).isEqualTo(new Response.Refusal(false));
        }
    }

    @Test
    void onlyTheServerCanSendADatagram() throws Exception {
        SocketEndpoint endpoint = endpoint(SocketEndpoint.Kind.DATAGRAM);
        try (ScriptedServer server = ScriptedServer.at(endpoint);
                SocketLink link = endpoint.open(local);
                AFUNIXDatagramChannel stranger = AFUNIXDatagramChannel.open()) {
            CompletableFuture<Response> answer = CompletableFuture.supplyAsync(() -> ask(link));
            Asked asked = server.next();
            AFUNIXSocketAddress client = AFUNIXSocketAddress.of(asked.client());
            assertThatThrownBy(() -> stranger.send(ByteBuffer.wrap(new byte[] {1, 0, 0, 0}), client))
                    .isInstanceOf(IOException.class);
            asked.answer(FROM_3_TO_4);
            assertThat(answer.join()).isEqualTo(ANSWER);
        }
    }

    private SocketEndpoint endpoint(SocketEndpoint.Kind kind) {
        return new SocketEndpoint(kind, directory.resolve("socket"));
    }

    private Response ask(SocketLink link) {
        try {
            return link.ask(Request.NOW, local.monotonicNanos() + TimeUnit.MINUTES.toNanos(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
