/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.soak;

import io.clockbound.chrony.testing.ProcessLauncher;
import io.clockbound.chrony.testing.TestChronyd;
import io.clockbound.it.DaemonProcess;
import io.clockbound.it.Program;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A chronyd and a daemon that see clocks of their own: a wall clock that can be stepped, and a monotonic one that is elsewhere after
 * a restart. The machine's clocks stay as they are.
 */
final class SoakGuest implements AutoCloseable {

    private final Path directory;
    private final MappedByteBuffer shift;
    private final List<String> prefix;
    private final TestChronyd chronyd;
    private DaemonProcess daemon;

    SoakGuest(Path parent, int ntpPort) throws Exception {
        directory = Files.createDirectory(
                parent.resolve("guest"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path library = directory.resolve("shift.so");
        String source = Path.of("src", "test", "c", "shift.c").toString();
        Program.run(List.of(
                "gcc",
                "-O2",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-fPIC",
                "-shared",
                "-o",
                library.toString(),
                source,
                "-ldl"));
        Path file = Files.write(directory.resolve("shift"), new byte[Long.BYTES]);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            shift = channel.map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES);
            shift.order(ByteOrder.nativeOrder());
        }
        prefix = List.of("env", "LD_PRELOAD=" + library, "CLOCKBOUND_SHIFT_FILE=" + file);
        Path socket = directory.resolve("chronyd.sock");
        chronyd = TestChronyd.start(
                new ProcessLauncher(directory, prefix),
                directory,
                socket,
                List.of(
                        "port 0",
                        "cmdport 0",
                        "bindcmdaddress " + socket,
                        "server 127.0.0.1 port " + ntpPort + " minpoll -2 maxpoll -2 iburst"));
        daemon = started(0);
    }

    private DaemonProcess started(long monotonicSeconds) throws Exception {
        List<String> elsewhere = new ArrayList<>();
        if (monotonicSeconds != 0) {
            elsewhere.addAll(
                    List.of("unshare", "--fork", "--kill-child", "--time", "--monotonic=" + monotonicSeconds, "--"));
        }
        elsewhere.addAll(prefix);
        return DaemonProcess.start(
                        elsewhere,
                        directory.resolve("run"),
                        "--transport",
                        "stream,datagram",
                        "--time-source-option",
                        "address=" + chronyd.address())
                .awaitSocket();
    }

    /** Returns where its daemon is asked. */
    Path socket() {
        return daemon.streamSocket();
    }

    /** Moves its wall clock. */
    void step(Duration by) {
        shift.putLong(0, shift.getLong(0) + by.toNanos());
    }

    /** Lets neither program run. */
    void suspend() throws IOException, InterruptedException {
        chronyd.suspend();
        daemon.signal("STOP");
    }

    /** Lets both run again. */
    void resume() throws IOException, InterruptedException {
        daemon.signal("CONT");
        chronyd.resume();
    }

    /** Kills its daemon, and starts one whose monotonic clock is elsewhere. */
    void move(long monotonicSeconds) throws Exception {
        daemon.close();
        Files.deleteIfExists(daemon.socket());
        daemon = started(monotonicSeconds);
    }

    @Override
    public void close() {
        daemon.close();
        chronyd.close();
    }
}
