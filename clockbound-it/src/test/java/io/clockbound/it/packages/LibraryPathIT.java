/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.packages;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clockbound.it.DaemonProcess;
import io.clockbound.it.DaemonProcess.Ended;
import io.clockbound.it.Deadline;
import io.clockbound.it.Prerequisites;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which jars a program that uses the library needs, on the class path and on the module path. */
class LibraryPathIT {

    private static final String LIBRARY = "clockbound-(api|chrony|transport)-.*|jspecify-.*";
    private static final String WITH_JUNIXSOCKET = LIBRARY + "|junixsocket-.*";

    /** Has later runtimes do as those before Java 22, which need junixsocket. */
    private static final String JUNIXSOCKET = "-Dclockbound.native=junixsocket";

    private static final Pattern ADD_MODULES = Pattern.compile("--add-modules ([a-z.,]*[a-z])");

    private static final String MODULE = "module example {"
            + " requires io.clockbound; requires io.clockbound.chrony; requires io.clockbound.transport; }";
    private static final String PROGRAM = """
        package example;

        import io.clockbound.BoundedClock;
        import io.clockbound.LocalClock;
        import io.clockbound.chrony.ChronyTimeSource;
        import io.clockbound.transport.ClockBoundClients;
        import io.clockbound.transport.DatagramTransport;
        import java.nio.file.Path;
        import java.util.Map;

        public final class Example {
            public static void main(String[] words) throws Exception {
                if (words.length == 1) {
                    new ChronyTimeSource().with(Map.of("address", words[0])).poll();
                }
                try (BoundedClock clock = ClockBoundClients.connect(Path.of(words[0]), Path.of(words[1]))) {
                    System.out.println(clock.description());
                    if (words.length > 2) {
                        new DatagramTransport().with(Map.of("run-dir", words[2]))
                                .serve(clock, () -> "{}", LocalClock.system(), failure -> {})
                                .close();
                    }
                }
            }
        }
        """;

    private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

    @TempDir
    private static Path classes;

    @TempDir
    private Path directory;

    @BeforeAll
    static void compile() throws IOException {
        Prerequisites.require();
        Path module = Files.writeString(classes.resolve("module-info.java"), MODULE);
        Path program = Files.writeString(classes.resolve("Example.java"), PROGRAM);
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-proc:none",
                                "-p",
                                jars(LIBRARY),
                                "-d",
                                classes.toString(),
                                module.toString(),
                                program.toString()))
                .isZero();
    }

    @BeforeEach
    void makeDirectories() throws IOException {
        Files.createDirectory(directory.resolve("shm"));
        Files.createDirectory(directory.resolve("run"));
    }

    @Test
    void sharedMemoryIsReadWithoutJunixsocket() throws Exception {
        try (DaemonProcess daemon = daemon("shm")) {
            awaitFile(daemon, "shm/shm0");
            assertThat(onTheClassPath(LIBRARY).output()).startsWith("shared memory " + directory);
            assertThat(onTheModulePath(LIBRARY).output()).startsWith("shared memory " + directory);
        }
    }

    @Test
    void theStreamSocketIsAskedWithoutJunixsocket() throws Exception {
        try (DaemonProcess daemon = daemon("stream")) {
            awaitFile(daemon, "run/clockboundd.stream.sock");
            assertThat(onTheModulePath(LIBRARY).output()).startsWith("stream socket " + directory);
        }
    }

    @Test
    void whereOnlyADatagramSocketIsTheDependencyThatIsMissingIsNamed() throws Exception {
        try (DaemonProcess daemon = daemon("datagram")) {
            awaitFile(daemon, "run/clockboundd.sock");
            assertThat(onTheClassPath(LIBRARY).output())
                    .contains("no daemon answers")
                    .contains("add the dependency com.kohlschutter.junixsocket:junixsocket-core of type pom");
            assertDatagramSocket(onTheClassPath(WITH_JUNIXSOCKET));
        }
    }

    @Test
    void onJava22AndLaterTheDatagramSocketIsAskedWithoutJunixsocketAndWithoutAWarning() throws Exception {
        assumeTrue(Runtime.version().feature() >= 22, "this runtime is older than Java 22");
        try (DaemonProcess daemon = daemon("datagram")) {
            awaitFile(daemon, "run/clockboundd.sock");
            String libraries = jars(LIBRARY) + ":" + classes;
            assertThat(run(List.of("--enable-native-access=ALL-UNNAMED", "-cp", libraries, "example.Example"))
                            .output())
                    .startsWith("datagram socket " + directory);
            assertThat(run(List.of(
                                    "--enable-native-access=io.clockbound",
                                    "-p",
                                    libraries,
                                    "-m",
                                    "example/example.Example"))
                            .output())
                    .startsWith("datagram socket " + directory);
        }
    }

    @Test
    void onTheModulePathTheDatagramSocketIsAskedWithTheModulesThatTheFailureNames() throws Exception {
        try (DaemonProcess daemon = daemon("datagram")) {
            awaitFile(daemon, "run/clockboundd.sock");
            String failure = onTheModulePath(WITH_JUNIXSOCKET).output();
            Matcher modules = ADD_MODULES.matcher(failure);
            assertThat(modules.find()).as(failure).isTrue();
            assertDatagramSocket(onTheModulePath(WITH_JUNIXSOCKET, "--add-modules", modules.group(1)));
        }
    }

    @Test
    void aDatagramServerWithoutJunixsocketDoesNotStartAndNamesTheDependency() throws Exception {
        try (DaemonProcess daemon = daemon("shm")) {
            awaitFile(daemon, "shm/shm0");
            Path served = Files.createDirectory(directory.resolve("served"));
            Ended ended = run(
                    List.of(JUNIXSOCKET, "-cp", jars(LIBRARY) + ":" + classes, "example.Example"), served.toString());
            assertThat(ended.output())
                    .contains("java.io.IOException: ")
                    .contains("add the dependency com.kohlschutter.junixsocket:junixsocket-core of type pom");
        }
    }

    @Test
    void chronydIsAskedOverUdpWhereItsUnixSocketNeedsWhatIsMissing() throws Exception {
        Path socket = Files.createFile(directory.resolve("chronyd.sock"));
        String addresses = "unix:" + socket + ", 127.0.0.1:1";
        Ended ended = java(JUNIXSOCKET, "-cp", jars(LIBRARY) + ":" + classes, "example.Example", addresses);
        assertThat(ended.output())
                .contains(socket + ": junixsocket, which this socket needs, is missing")
                .contains("127.0.0.1:1: connection refused");
    }

    @Test
    void aRuntimeThatJlinkMadeOfJavaBaseReadsSharedMemory() throws Exception {
        Path runtime = directory.resolve("runtime");
        assertThat(java.util.spi.ToolProvider.findFirst("jlink")
                        .orElseThrow()
                        .run(System.out, System.err, "--add-modules", "java.base", "--output", runtime.toString()))
                .isZero();
        try (DaemonProcess daemon = daemon("shm")) {
            awaitFile(daemon, "shm/shm0");
            assertThat(run(runtime, List.of(JUNIXSOCKET, "-cp", jars(LIBRARY) + ":" + classes, "example.Example"))
                            .output())
                    .startsWith("shared memory " + directory);
        }
    }

    private void assertDatagramSocket(Ended ended) {
        // Java 24 and later warn before it on standard error that junixsocket loads native code
        assertThat(ended.output().lines()).anyMatch(line -> line.startsWith("datagram socket " + directory));
    }

    /** Its clock is not synchronised, because no chronyd answers; it serves nevertheless. */
    private DaemonProcess daemon(String transport) throws IOException {
        return DaemonProcess.start(
                directory.resolve("run"), 1, "--transport=" + transport, "--shm-dir=" + directory.resolve("shm"));
    }

    private void awaitFile(DaemonProcess daemon, String name) throws Exception {
        Deadline.await(() -> name + " of the daemon", () -> {
            assertThat(daemon.isRunning()).isTrue();
            return Files.exists(directory.resolve(name));
        });
    }

    private Ended onTheClassPath(String jars) throws IOException, InterruptedException {
        return run(List.of(JUNIXSOCKET, "-cp", jars(jars) + ":" + classes, "example.Example"));
    }

    private Ended onTheModulePath(String jars, String... options) throws IOException, InterruptedException {
        return run(Stream.concat(
                        Stream.of(options),
                        Stream.of(JUNIXSOCKET, "-p", jars(jars) + ":" + classes, "-m", "example/example.Example"))
                .toList());
    }

    private Ended run(List<String> options, String... more) throws IOException, InterruptedException {
        return run(JAVA_HOME, options, more);
    }

    private Ended run(Path runtime, List<String> options, String... more) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(options);
        words.addAll(List.of(
                directory.resolve("run").toString(), directory.resolve("shm").toString()));
        words.addAll(List.of(more));
        return DaemonProcess.run(runtime.resolve("bin/java"), words.toArray(String[]::new));
    }

    private static Ended java(String... words) throws IOException, InterruptedException {
        return DaemonProcess.run(JAVA_HOME.resolve("bin/java"), words);
    }

    private static String jars(String names) throws IOException {
        try (Stream<Path> files = Files.list(Prerequisites.home().resolve("lib"))) {
            return files.filter(file -> file.getFileName().toString().matches("(" + names + ")\\.jar"))
                    .map(Path::toString)
                    .collect(joining(":"));
        }
    }
}
