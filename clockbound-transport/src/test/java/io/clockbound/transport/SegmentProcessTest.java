/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockbound.BoundedInstant;
import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.PollOutcome.Result;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class SegmentProcessTest {

    private final LocalClock local = LocalClock.system();

    @TempDir
    private Path temporary;

    private SegmentStage stage;

    @BeforeEach
    void prepare() {
        stage = new SegmentStage(temporary.resolve("missing/clockbound"));
    }

    /** A daemon in a process of its own that publishes as often as it can, until it is killed. */
    static final class Daemon {

        private Daemon() {}

        public static void main(String[] arguments) throws Exception {
            LocalClock local = LocalClock.system();
            SegmentStage stage = new SegmentStage(Path.of(arguments[0]));
            try (TransportServer server = stage.serve(local)) {
                server.publish(SegmentStage.poll(local, Result.NO_ANSWER, ClockStatus.UNKNOWN));
                server.publish(SegmentStage.poll(local, Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED));
                System.out.println(server.address());
                while (System.in.available() == 0) {
                    server.publish(SegmentStage.poll(local, Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED));
                }
            }
        }
    }

    @Test
    void everyUserMayReadWhateverTheUmask() throws Exception {
        Process daemon = startDaemon("077");
        try {
            assertThat(SegmentStage.mode(stage.directory())).isEqualTo("rwxr-xr-x");
            assertThat(SegmentStage.mode(stage.shm())).isEqualTo("rw-r--r--");
            assertThat(SegmentStage.mode(stage.shm0())).isEqualTo("rw-r--r--");
        } finally {
            end(daemon);
        }
        assertThat(stage.names()).containsExactlyInAnyOrder("shm", "shm0");
    }

    @Test
    void refusesASecondDaemonNamingTheFirstUntilItIsKilled() throws Exception {
        Process daemon = startDaemon("022");
        assertThatThrownBy(() -> stage.serve(local))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("pid " + daemon.pid() + ",")
                .hasMessageContaining(stage.directory().toRealPath().toString());
        daemon.destroyForcibly().waitFor();
        stage.serve(local).close();
        assertThat(stage.names()).containsExactlyInAnyOrder("shm", "shm0");
    }

    @Test
    void aReaderBesideADaemonThatIsKilledAndStartedAgainAlwaysHasAnIntervalWithTrueTime() throws Exception {
        Process daemon = startDaemon("022");
        AtomicBoolean isOver = new AtomicBoolean();
        AtomicLong readings = new AtomicLong();
        AtomicReference<String> wrong = new AtomicReference<>("");
        Object inode = SegmentStage.inode(stage.shm0());
        try (SegmentClock reader = SegmentClock.open(stage.shm0(), "", local)) {
            Thread thread = new Thread(() -> {
                while (!isOver.get()) {
                    wrong.compareAndSet("", verdict(reader));
                    readings.incrementAndGet();
                }
            });
            thread.start();
            for (int i = 0; i < 5; i++) {
                // killed, and perhaps in the middle of a write: what is mended then says UNKNOWN for a moment
                daemon.destroyForcibly().waitFor();
                daemon = startDaemon("022");
            }
            isOver.set(true);
            thread.join();
        } finally {
            end(daemon);
        }
        assertThat(wrong.get()).isEmpty();
        assertThat(readings.get()).isPositive();
        assertThat(SegmentStage.inode(stage.shm0())).isEqualTo(inode);
    }

    @Test
    void aReaderBesideADaemonThatEndsAndStartsAgainNeverLosesTrust() throws Exception {
        end(startDaemon("022"));
        Object inode = SegmentStage.inode(stage.shm0());
        try (SegmentClock reader = SegmentClock.open(stage.shm0(), "", local)) {
            for (int i = 0; i < 10; i++) {
                try (TransportServer server = stage.serve(local)) {
                    assertThat(verdict(reader)).isEmpty();
                    assertThat(reader.read().status().isTrusted()).isTrue();
                    server.publish(SegmentStage.poll(local, Result.NO_ANSWER, ClockStatus.UNKNOWN));
                    server.publish(SegmentStage.poll(local, Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED));
                    assertThat(verdict(reader)).isEmpty();
                    assertThat(reader.read().status().isTrusted()).isTrue();
                }
            }
        }
        assertThat(SegmentStage.inode(stage.shm0())).isEqualTo(inode);
        assertThat(stage.failures()).isEmpty();
    }

    /** Returns what is wrong with a reading; a wall clock without error is true time. */
    private String verdict(SegmentClock reader) {
        long before = local.epochNanos();
        BoundedInstant now = reader.read();
        long after = local.epochNanos();
        return now.earliestNanos() < after && before < now.latestNanos()
                ? ""
                : now + " does not contain a time from " + before + " to " + after;
    }

    private Process startDaemon(String umask) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process daemon = new ProcessBuilder(
                        "sh",
                        "-c",
                        "umask " + umask + "; exec \"$@\"",
                        "sh",
                        java,
                        "-cp",
                        classPath,
                        Daemon.class.getName(),
                        stage.directory().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output = daemon.inputReader(StandardCharsets.UTF_8);
        assertThat(output.readLine()).isEqualTo(stage.shm0().toRealPath().toString());
        assertThat(Files.exists(stage.shm0())).isTrue();
        return daemon;
    }

    private static void end(Process daemon) throws IOException, InterruptedException {
        daemon.getOutputStream().write('\n');
        daemon.getOutputStream().flush();
        assertThat(daemon.waitFor()).isZero();
    }
}
