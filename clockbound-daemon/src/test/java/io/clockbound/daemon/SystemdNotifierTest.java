/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.clockbound.BoundSettings;
import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.PollOutcome;
import io.clockbound.testing.SimulatedClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;

@Timeout(60)
class SystemdNotifierTest {

    private static final BoundSettings EACH_MINUTE = BoundSettings.DEFAULTS.withPollInterval(Duration.ofSeconds(60));

    private final SimulatedClock clock = new SimulatedClock(Instant.EPOCH);
    private final Warnings warnings = new Warnings(List.of());

    @TempDir
    Path directory;

    @Test
    void isToldOfTheStartOfEachPollAndOfTheEnd() throws IOException {
        Path socket = directory.resolve("notify");
        try (AFUNIXDatagramChannel systemd = bind(AFUNIXSocketAddress.of(socket))) {
            SystemdNotifier manager = manager(Map.of("NOTIFY_SOCKET", socket.toString()));
            manager.ready();
            assertThat(receive(systemd)).isEqualTo("READY=1\n");
            manager.note(poll(ClockStatus.SYNCHRONIZED));
            assertThat(receive(systemd)).isEqualTo("WATCHDOG=1\nSTATUS=SYNCHRONIZED, error bound 7.2 µs\n");
            manager.note(poll(ClockStatus.UNKNOWN));
            assertThat(receive(systemd)).isEqualTo("WATCHDOG=1\nSTATUS=UNKNOWN, nobody answers\n");
            manager.stopping();
            assertThat(receive(systemd)).isEqualTo("STOPPING=1\n");
        }
    }

    @Test
    void whileItCannotBeToldThatIsAWarningOfTheStatus() throws IOException {
        Path socket = directory.resolve("notify");
        SystemdNotifier manager = manager(Map.of("NOTIFY_SOCKET", socket.toString()));
        manager.ready();
        assertThat(warnings.all())
                .singleElement()
                .asString()
                .startsWith("Cannot notify the service manager at " + socket + ": ");
        try (AFUNIXDatagramChannel systemd = bind(AFUNIXSocketAddress.of(socket))) {
            manager.ready();
            assertThat(receive(systemd)).isEqualTo("READY=1\n");
            assertThat(warnings.all()).isEmpty();
        }
    }

    @Test
    void isToldOncePerSecondThatNothingChanged() throws IOException {
        Path socket = directory.resolve("notify");
        try (AFUNIXDatagramChannel systemd = bind(AFUNIXSocketAddress.of(socket))) {
            SystemdNotifier manager = manager(Map.of("NOTIFY_SOCKET", socket.toString()));
            for (int poll = 0; poll <= 20; poll++) {
                manager.note(poll(ClockStatus.SYNCHRONIZED));
                clock.advance(Duration.ofMillis(100));
            }
            manager.stopping();
            for (int second = 0; second <= 2; second++) {
                assertThat(receive(systemd)).startsWith("WATCHDOG=1\n");
            }
            assertThat(receive(systemd)).isEqualTo("STOPPING=1\n");
        }
    }

    @Test
    void isFoundInTheAbstractNamespaceToo() throws IOException {
        String name = "clockbound-test-" + ProcessHandle.current().pid();
        try (AFUNIXDatagramChannel systemd = bind(AFUNIXSocketAddress.inAbstractNamespace(name))) {
            manager(Map.of("NOTIFY_SOCKET", "@" + name)).ready();
            assertThat(receive(systemd)).isEqualTo("READY=1\n");
        }
    }

    @Test
    void isAskedForMorePatienceThanAPollTakes() throws IOException {
        Path socket = directory.resolve("notify");
        try (AFUNIXDatagramChannel systemd = bind(AFUNIXSocketAddress.of(socket))) {
            Map<String, String> environment = Map.of("NOTIFY_SOCKET", socket.toString(), "WATCHDOG_USEC", "30000000");
            manager(environment).ready();
            assertThat(receive(systemd)).isEqualTo("READY=1\n");
            SystemdNotifier.of(clock, environment, EACH_MINUTE, warnings).ready();
            assertThat(receive(systemd)).isEqualTo("READY=1\nWATCHDOG_USEC=80000000\n");
        }
    }

    @Test
    void needNotBeThere() {
        assertThatCode(manager(Map.of())::ready).doesNotThrowAnyException();
        SystemdNotifier gone =
                manager(Map.of("NOTIFY_SOCKET", directory.resolve("gone").toString()));
        assertThatCode(gone::ready).doesNotThrowAnyException();
        assertThatCode(gone::stopping).doesNotThrowAnyException();
    }

    private SystemdNotifier manager(Map<String, String> environment) {
        return SystemdNotifier.of(clock, environment, BoundSettings.DEFAULTS, warnings);
    }

    private static PollOutcome poll(ClockStatus status) {
        ClockErrorBound bound = new ClockErrorBound(0, 0, 0, 7_200, 0, status, 0, null);
        return new PollOutcome(
                PollOutcome.Result.NO_ANSWER,
                "nobody answers",
                "a peer",
                Optional.empty(),
                Optional.empty(),
                bound,
                bound.voidAfterNanos(),
                0);
    }

    private static AFUNIXDatagramChannel bind(AFUNIXSocketAddress address) throws IOException {
        AFUNIXDatagramChannel channel = AFUNIXDatagramChannel.open();
        channel.bind(address);
        return channel;
    }

    private static String receive(AFUNIXDatagramChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(1_000);
        channel.receive(bytes);
        return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    }
}
