/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.chrony.testing.ScriptedChronyd;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon whose surroundings fail it. */
@Timeout(120)
class SurroundingsTest {

    /** What a pipe holds (pipe(7)). */
    private static final int PIPE_BYTES = 65_536;

    @TempDir
    Path directory;

    private ScriptedChronyd chronyd;

    @BeforeEach
    void start() throws IOException {
        chronyd = ScriptedChronyd.onUdp();
    }

    @AfterEach
    void end() throws IOException {
        chronyd.close();
    }

    @Test
    void itGoesOnAnsweringWhenNobodyReadsWhatItWrites() throws IOException, InterruptedException {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        try (RandomAccessFile full = new RandomAccessFile(pipe.toFile(), "rw")) {
            full.write(new byte[PIPE_BYTES]);
            Process process = DaemonJvm.with(List.of(), arguments("-L", "0"))
                    .redirectOutput(pipe.toFile())
                    .start();
            try {
                awaitSynchronized(process);
                process.destroy();
                assertThat(process.waitFor()).isZero();
            } finally {
                process.destroyForcibly().waitFor();
            }
        }
    }

    private void awaitSynchronized(Process process) throws IOException, InterruptedException {
        while (!Files.exists(socket())) {
            assertThat(process.isAlive()).isTrue();
            pause();
        }
        try (DatagramClient client = new DatagramClient(socket(), directory.resolve("client"))) {
            while (client.now().length != 20) {
                pause();
            }
        }
    }

    /** Lets the hang guard end a wait, which it does by an interrupt. */
    private static void pause() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("what the test waits for has not happened");
        }
        LockSupport.parkNanos(1_000_000);
    }

    @Test
    void whereItsNativeCodeCannotBeLoadedItSaysWhyAndWhatToDo() throws IOException, InterruptedException {
        List<String> unloadable = List.of(
                "-Dclockbound.native=junixsocket",
                "-Dorg.newsclub.net.unix.library.override=" + directory.resolve("nothing.so"),
                "-Dorg.newsclub.net.unix.library.override.force=true");
        Process process = DaemonJvm.with(unloadable, arguments()).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isEqualTo(1);
        assertThat(output)
                .contains("Cannot serve: junixsocket's native library cannot be loaded: ")
                .contains("java.io.tmpdir, " + System.getProperty("java.io.tmpdir"), "-Djava.io.tmpdir=DIR");
    }

    @Test
    void thatAMachineHasNoIpv6IsNoFaultOfTheProgram() throws IOException, InterruptedException {
        String here = directory.toString();
        Process process = DaemonJvm.with(
                        List.of("-Djava.net.preferIPv4Stack=true"),
                        List.of("--run-dir", here, "--shm-dir", here, "--time-source-option", "address=[::1]:323"))
                .start();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(output.lines()
                            .filter(line -> line.contains("[::1]:323") || line.contains("fault of the program"))
                            .findFirst())
                    .hasValueSatisfying(line ->
                            assertThat(line).contains("[::1]:323: cannot be reached: this machine has no IPv6"));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private List<String> arguments(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "-e",
                "50",
                "--run-dir",
                directory.resolve("run").toString(),
                "--shm-dir",
                directory.resolve("shm").toString(),
                "--time-source-option",
                "address=" + chronyd.address()));
        arguments.addAll(List.of(more));
        return arguments;
    }

    private Path socket() {
        return directory.resolve("run").resolve("clockboundd.sock");
    }
}
