/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockbound.ClockStatus;
import io.clockbound.LocalClock;
import io.clockbound.PollOutcome;
import io.clockbound.PollOutcome.Result;
import io.clockbound.spi.Services;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;

@Timeout(60)
@ParameterizedClass
@CsvSource({"datagram, clockboundd.sock", "stream, clockboundd.stream.sock"})
class SocketFilesTest {

    private final String transport;
    private final String name;

    @TempDir
    private Path directory;

    private Path run;
    private Path socket;

    SocketFilesTest(String transport, String name) {
        this.transport = transport;
        this.name = name;
    }

    @BeforeEach
    void choosePlaces() {
        run = directory.resolve("missing/run");
        socket = run.resolve(name);
    }

    /** A daemon in a process of its own, until it is killed. */
    static final class Daemon {

        private Daemon() {}

        public static void main(String[] arguments) throws Exception {
            String transport = arguments[0];
            Path run = Path.of(arguments[1]);
            try (TransportServer server = serve(transport, run, Map.of())) {
                System.out.println(server.address());
                System.in.read();
            }
        }
    }

    @Test
    void makesTheDirectoryTheSocketAndTheLockAndRemovesItsFiles() throws IOException {
        try (TransportServer server = serve(transport, run, Map.of())) {
            assertThat(server.address()).isEqualTo(socket.toString());
            assertThat(names(run)).containsExactlyInAnyOrder(name, "clockboundd.pid");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(run)))
                    .isEqualTo("rwxr-xr-x");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-rw-rw-");
        }
        assertThat(names(run)).isEmpty();
    }

    @Test
    void saysOnceThatAnotherProgramHasRemovedTheSocketAndForgetsItsOwnEnd() throws IOException {
        List<IOException> failures = new ArrayList<>();
        TransportServer server = serve(transport, run, Map.of(), failures::add);
        PollOutcome poll = SegmentStage.poll(LocalClock.system(), Result.SYNCHRONIZED, ClockStatus.SYNCHRONIZED);
        server.publish(poll);
        assertThat(server.problems()).isEmpty();
        assertThat(failures).isEmpty();
        Files.delete(socket);
        server.publish(poll);
        server.publish(poll);
        assertThat(server.problems()).singleElement().asString().startsWith(socket + " was removed by another program");
        assertThat(failures).extracting(Throwable::getMessage).isEqualTo(server.problems());
        server.close();
        assertThat(server.problems()).isEmpty();
    }

    @Test
    void givesTheSocketItsModeAndGroup() throws IOException {
        String group = Files.readAttributes(directory, PosixFileAttributes.class)
                .group()
                .getName();
        try (TransportServer server = serve(transport, run, Map.of("socket-mode", "0660", "socket-group", group))) {
            PosixFileAttributes attributes = Files.readAttributes(Path.of(server.address()), PosixFileAttributes.class);
            assertThat(PosixFilePermissions.toString(attributes.permissions())).isEqualTo("rw-rw----");
            assertThat(attributes.group().getName()).isEqualTo(group);
        }
    }

    @Test
    void showsTheSocketOnlyWithItsModeAndTheStagingDirectoryToNoOtherUser() throws Exception {
        Set<String> seen = new TreeSet<>();
        AtomicBoolean watching = new AtomicBoolean(true);
        Thread watcher = new Thread(() -> {
            while (watching.get()) {
                seen.add("socket " + mode(socket));
                seen.add("staging " + mode(run.resolve("." + transport)));
            }
        });
        watcher.start();
        for (int i = 0; i < 200; i++) {
            serve(transport, run, Map.of("socket-mode", "0640")).close();
        }
        watching.set(false);
        watcher.join();
        assertThat(seen)
                .contains("socket rw-r-----")
                .isSubsetOf("socket rw-r-----", "socket -", "staging rwx------", "staging -");
    }

    @Test
    void leavesNothingWhenTheGroupDoesNotExist() throws IOException {
        assertThatThrownBy(() -> serve(transport, run, Map.of("socket-group", "no-such-group")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no-such-group")
                .hasMessageContaining("groupadd");
        assertThat(names(run)).isEmpty();
    }

    @Test
    void refusesASecondServerOfTheSameProcess() throws IOException {
        try (TransportServer first = serve(transport, run, Map.of())) {
            assertRefused(ProcessHandle.current().pid());
            assertThat(Path.of(first.address())).exists();
        }
        serve(transport, run, Map.of()).close();
    }

    @Test
    void refusesASecondDaemonNamingTheFirstAndReplacesWhatAKilledOneLeaves() throws Exception {
        Process daemon = startDaemon();
        assertRefused(daemon.pid());
        daemon.destroyForcibly().waitFor();
        assertThat(names(run)).as("what a killed daemon leaves").hasSize(2);
        try (TransportServer server = serve(transport, run, Map.of())) {
            assertThat(server.address()).isEqualTo(socket.toRealPath().toString());
            assertThat(names(run)).hasSize(2);
        }
        assertThat(names(run)).isEmpty();
    }

    @Test
    void refusesASocketThatAnotherProgramServes() throws IOException {
        Files.createDirectories(run);
        try (AFUNIXDatagramChannel other = AFUNIXDatagramChannel.open()) {
            other.bind(AFUNIXSocketAddress.of(socket));
            assertOccupied();
        }
        Files.deleteIfExists(socket);
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(socket));
            assertOccupied();
        }
    }

    @Test
    void refusesAndKeepsAFileThatIsNoSocket() throws IOException {
        Files.createDirectories(run);
        Files.writeString(socket, "precious");
        assertThatThrownBy(() -> serve(transport, run, Map.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is not a socket");
        assertThat(socket).hasContent("precious");
    }

    @Test
    void refusesAPathTooLongForASocket() {
        Path deep = directory.resolve("x".repeat(100));
        assertThatThrownBy(() -> serve(transport, deep, Map.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(deep.resolve(name).toString())
                .hasMessageContaining("at most 106");
        assertThat(deep).doesNotExist();
    }

    @Test
    void servesAtTheLongestPath() throws IOException {
        int rest = 106 - directory.toString().length() - "//".length() - name.length();
        try (TransportServer server = serve(transport, directory.resolve("x".repeat(rest)), Map.of())) {
            assertThat(server.address()).hasSize(106);
        }
    }

    @Test
    void namesTheRemedyWhenTheDirectoryCannotBeCreated() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThatThrownBy(() -> serve(transport, file.resolve("run"), Map.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.resolve("run").toString())
                .hasMessageContaining(": Not a directory")
                .hasMessageContaining("--run-dir");
    }

    @Test
    void sharesTheLockAmongTheTransportsOfAProcess() throws IOException {
        ServerDirectory first = ServerDirectory.hold(run, "datagram");
        ServerDirectory second = ServerDirectory.hold(run, "stream");
        first.close();
        first.close();
        assertThat(names(run)).containsExactly("clockboundd.pid");
        second.close();
        assertThat(names(run)).isEmpty();
    }

    @Test
    void closesTwiceAndFromSeveralThreads() throws Exception {
        TransportServer server = serve(transport, run, Map.of());
        Thread other = new Thread(server::close);
        other.start();
        server.close();
        other.join();
        assertThat(Files.exists(socket, LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    private void assertOccupied() throws IOException {
        assertThatThrownBy(() -> serve(transport, run, Map.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another program serves at " + socket.toRealPath());
        assertThat(socket).exists();
    }

    private void assertRefused(long pid) throws IOException {
        assertThatThrownBy(() -> serve(transport, run, Map.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("pid " + pid + ",")
                .hasMessageContaining(run.toRealPath().toString());
    }

    private static String mode(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
        } catch (IOException e) {
            return "-";
        }
    }

    private Process startDaemon() throws IOException {
        Process daemon = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Daemon.class.getName(),
                        transport,
                        run.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output = daemon.inputReader(StandardCharsets.UTF_8);
        assertThat(output.readLine()).isEqualTo(socket.toString());
        return daemon;
    }

    private static TransportServer serve(String transport, Path run, Map<String, String> settings) throws IOException {
        return serve(transport, run, settings, failure -> {});
    }

    private static TransportServer serve(
            String transport, Path run, Map<String, String> settings, Consumer<IOException> failures)
            throws IOException {
        Map<String, String> all = new HashMap<>(settings);
        all.put("run-dir", run.toString());
        SettableClock clock = SettableClock.at(1, 2, ClockStatus.SYNCHRONIZED);
        return Services.named(Transport.class, transport)
                .with(all)
                .serve(clock, () -> "{}", LocalClock.system(), failures);
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
