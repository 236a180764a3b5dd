/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import io.clockbound.BoundSettings;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.PollOutcome;
import io.clockbound.daemon.config.DurationText;
import io.clockbound.socket.NativeSockets;
import io.clockbound.socket.UnixDatagramSocket;
import io.clockbound.socket.UnixName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notifies the service manager that started this process, such as systemd: of readiness, of the status and of each poll.
 *
 * <p>The messages are those of sd_notify(3). Without {@code NOTIFY_SOCKET} in the environment nothing is sent.
 * Thread-safe.
 */
final class SystemdNotifier {

    private static final Logger LOG = LoggerFactory.getLogger(SystemdNotifier.class);

    private static final String TOPIC = "service manager";

    /** How long a poll may take beyond its interval before the polling thread counts as hung. */
    private static final Duration LONGEST_POLL = Duration.ofSeconds(20);

    /** How often it is told that nothing changed; each message also costs the service manager a wake-up. */
    private static final Duration REPEAT = Duration.ofSeconds(1);

    private final LocalClock clock;
    private final String socket;
    private final Duration watchdog;
    private final Duration needed;
    private final Warnings warnings;
    private volatile boolean isFailing;
    private @Nullable ClockStatus toldStatus;
    private long toldNanos;

    private SystemdNotifier(LocalClock clock, String socket, Duration watchdog, Duration needed, Warnings warnings) {
        this.clock = clock;
        this.socket = socket;
        this.watchdog = watchdog;
        this.needed = needed;
        this.warnings = warnings;
    }

    /** Returns the one that the environment names. */
    static SystemdNotifier of(
            LocalClock clock, Map<String, String> environment, BoundSettings settings, Warnings warnings) {
        String socket = environment.getOrDefault("NOTIFY_SOCKET", "");
        String micros = environment.getOrDefault("WATCHDOG_USEC", "");
        Duration watchdog =
                micros.matches("[0-9]{1,15}") ? Duration.ofMillis(Long.parseLong(micros) / 1000) : Duration.ZERO;
        return new SystemdNotifier(
                clock, socket, watchdog, settings.pollInterval().plus(LONGEST_POLL), warnings);
    }

    /** Notifies it that clients are served. */
    void ready() {
        boolean isTooShort = !watchdog.isZero() && watchdog.compareTo(needed) < 0;
        send("READY=1\n" + (isTooShort ? "WATCHDOG_USEC=" + needed.toMillis() * 1000 + "\n" : ""));
    }

    /** Notifies it that the end has begun. */
    void stopping() {
        send("STOPPING=1\n");
    }

    /** Notifies it that the polling thread is alive, and of the status: of a change at once, otherwise once a second. */
    synchronized void note(PollOutcome poll) {
        ClockStatus status = poll.bound().status();
        long nowNanos = clock.monotonicNanos();
        if (socket.isEmpty() || (status == toldStatus && nowNanos - toldNanos < REPEAT.toNanos())) {
            return;
        }
        toldStatus = status;
        toldNanos = nowNanos;
        String found = status.isTrusted()
                ? "error bound " + DurationText.of(poll.bound().boundNanos())
                : poll.detail().replace('\n', ' ');
        send("WATCHDOG=1\nSTATUS=" + status + ", " + found + "\n");
    }

    private void send(String message) {
        if (socket.isEmpty()) {
            return;
        }
        // a socket for each message: junixsocket closes one for good when nobody listens, as while systemd re-executes
        try (UnixDatagramSocket manager = NativeSockets.chosen().open()) {
            manager.send(StandardCharsets.UTF_8.encode(message), name());
            if (isFailing) {
                warnings.end(TOPIC);
            }
            isFailing = false;
        } catch (IOException e) {
            if (!isFailing) {
                String warning = "Cannot notify the service manager at " + socket + ": " + e.getMessage();
                LOG.warn(warning);
                warnings.hold(TOPIC, warning);
            }
            isFailing = true;
        }
    }

    private UnixName name() throws IOException {
        return socket.startsWith("@")
                ? UnixName.inAbstractNamespace(socket.substring(1))
                : UnixName.of(Path.of(socket));
    }
}
