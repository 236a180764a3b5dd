/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.packages;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clockbound.chrony.testing.ScriptedChronyd;
import io.clockbound.it.DaemonProcess;
import io.clockbound.it.DaemonProcess.Ended;
import io.clockbound.it.Prerequisites;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/** How the launcher starts the daemon: what it takes from the distribution, and that it starts without that too. */
class LauncherIT {

    private static final int NOBODY_LISTENS = 9;

    @TempDir
    private Path directory;

    @BeforeAll
    static void require() {
        Prerequisites.require();
    }

    @Test
    void theNativeCodeIsLoadedFromBesideTheJars() throws Exception {
        assertThat(nativeCode(Prerequisites.home()))
                .containsExactly(inTheDistribution().toString());
    }

    @Test
    void nativeCodeThatIsNotBesideTheJarsIsUnpacked() throws Exception {
        Path home = copyOfTheDistribution();
        Files.delete(home.resolve(Prerequisites.home().relativize(inTheDistribution())));
        assertThat(nativeCode(home)).singleElement().asString().startsWith(directory + "/");
    }

    @Test
    void preparedClassesComeFromTheArchive() throws Exception {
        Path home = preparedCopyOfTheDistribution();
        assertThat(sources(home, "io.clockbound.EmbeddedClock", "com.google.inject.Guice", "picocli.CommandLine"))
                .hasSize(3)
                .allMatch(source -> source.endsWith("shared objects file"));
    }

    @Test
    void withoutAnArchiveTheClassesComeFromTheJars() throws Exception {
        Path home = copyOfTheDistribution();
        delete(home.resolve("archive/clockboundd.jsa"));
        assertThat(sources(home, "io.clockbound.EmbeddedClock"))
                .singleElement()
                .asString()
                .contains("clockbound-api");
    }

    @Test
    void anArchiveOfAnotherRuntimeOrOfNothingIsIgnoredWithoutAWord() throws Exception {
        Path home = preparedCopyOfTheDistribution();
        for (byte[] content : List.of(new byte[0], new byte[100_000], "no archive at all".getBytes(UTF_8))) {
            delete(home.resolve("archive/clockboundd.jsa"));
            Files.write(home.resolve("archive/clockboundd.jsa"), content);
            startsWithoutAWordOfTheArchive(home);
        }
    }

    @Test
    void helpOfTheArchiveHelpsAndWritesNothing() throws Exception {
        Path home = copyOfTheDistribution();
        delete(home.resolve("archive/clockboundd.jsa"));
        for (String option : List.of("--help", "-h")) {
            Ended help = DaemonProcess.run(home.resolve("bin/clockbound-archive"), option);
            assertThat(help.exitCode()).isZero();
            assertThat(help.output()).startsWith("Usage: clockbound-archive").contains("JAVA_HOME");
        }
        Ended wrong = DaemonProcess.run(home.resolve("bin/clockbound-archive"), "--hlep");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.output())
                .isEqualTo("clockbound-archive: '--hlep' is no option; see clockbound-archive --help\n");
        assertThat(home.resolve("archive/clockboundd.jsa")).doesNotExist();
    }

    @Test
    void anArchiveOfOtherJarsIsIgnoredWithoutAWord() throws Exception {
        Path home = preparedCopyOfTheDistribution();
        Files.copy(firstJar(home), home.resolve("lib/a-jar-that-was-added.jar"));
        startsWithoutAWordOfTheArchive(home);
        Files.setLastModifiedTime(firstJar(home), FileTime.fromMillis(0));
        startsWithoutAWordOfTheArchive(home);
    }

    private void startsWithoutAWordOfTheArchive(Path home) throws Exception {
        try (DaemonProcess daemon = started(home, "")) {
            assertThat(daemon.log()).contains("clockboundd ").doesNotContain("[warning]", "[error", "cds", "archive");
            assertThat(daemon.terminate()).isZero();
        }
    }

    @Test
    void onJava22AndLaterJunixsocketIsNotEvenLoadedAndNoWarningIsWritten() throws Exception {
        assumeTrue(Runtime.version().feature() >= 22, "this runtime is older than Java 22");
        Path loaded = directory.resolve("loaded");
        Path notified = directory.resolve("notify");
        try (ScriptedChronyd chronyd = ScriptedChronyd.onUnix(directory.resolve("chronyd.sock"));
                AFUNIXDatagramChannel systemd = AFUNIXDatagramChannel.open()) {
            systemd.bind(AFUNIXSocketAddress.of(notified));
            List<String> environment = List.of(
                    "env",
                    "NOTIFY_SOCKET=" + notified,
                    "CLOCKBOUND_JAVA_OPTS=-Xlog:class+load:file=" + loaded + ":none");
            try (DaemonProcess daemon = DaemonProcess.start(
                            environment,
                            directory.resolve("run"),
                            "--shm-dir=" + directory.resolve("shm"),
                            "--time-source-option=address=" + chronyd.address())
                    .awaitSocket()) {
                ByteBuffer message = ByteBuffer.allocate(1_000);
                do {
                    systemd.receive(message.clear());
                } while (!UTF_8.decode(message.flip()).toString().contains("STATUS=SYNCHRONIZED"));
                Ended status = DaemonProcess.run(
                        Prerequisites.home().resolve("bin/clockboundctl"),
                        "status",
                        "--json",
                        "--socket=" + daemon.socket());
                assertThat(status.output()).contains("\"native\":\"ffm\"").startsWith("{");
                assertThat(daemon.terminate()).isZero();
                assertThat(daemon.log()).doesNotContain("WARNING");
            }
        }
        assertThat(Files.readAllLines(loaded))
                .anyMatch(line -> line.startsWith("io.clockbound.socket.ForeignCalls "))
                .noneMatch(line -> line.contains("newsclub"));
    }

    @Test
    void anotherWayIntoTheKernelIsChosenByAnOptionOfTheDaemonAndOfTheCommands() throws Exception {
        try (DaemonProcess daemon = DaemonProcess.start(
                        Prerequisites.home(), "", directory.resolve("run"), NOBODY_LISTENS, "--native=junixsocket")
                .awaitSocket()) {
            Ended status = DaemonProcess.run(
                    Prerequisites.home().resolve("bin/clockboundctl"),
                    "status",
                    "--json",
                    "--native=junixsocket",
                    "--socket=" + daemon.socket());
            assertThat(status.output()).contains("\"native\":\"junixsocket\"").startsWith("{");
            assertThat(daemon.log()).doesNotContain("WARNING");
        }
        Ended unknown = DaemonProcess.run("--native=jna");
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.output()).contains("--native", "jna", "auto, ffm, junixsocket");
        if (Runtime.version().feature() < 22) {
            Ended tooOld = DaemonProcess.run("--native=ffm", "--check-config");
            assertThat(tooOld.exitCode()).isEqualTo(2);
            assertThat(tooOld.output()).contains("native 'ffm' needs Java 22 or later", "choose auto or junixsocket");
        }
    }

    /** Returns the lines in which the Java runtime of a daemon says where it has these classes from. */
    private List<String> sources(Path home, String... classes) throws Exception {
        Path loaded = directory.resolve("loaded");
        try (DaemonProcess daemon = started(home, "-Xlog:class+load:file=" + loaded + ":none")) {
            assertThat(daemon.terminate()).isZero();
        }
        return Files.readAllLines(loaded).stream()
                .filter(line -> Stream.of(classes).anyMatch(name -> line.startsWith(name + " ")))
                .toList();
    }

    /** Returns the files of junixsocket's native code that a daemon has mapped. */
    private List<String> nativeCode(Path home) throws Exception {
        try (DaemonProcess daemon = started(home, "-Dclockbound.native=junixsocket -Djava.io.tmpdir=" + directory)) {
            return Files.readAllLines(Path.of("/proc/" + daemon.pid() + "/maps")).stream()
                    .filter(line -> line.contains("libjunixsocket"))
                    .map(line -> line.substring(line.indexOf('/')))
                    .distinct()
                    .toList();
        }
    }

    private DaemonProcess started(Path home, String javaOptions) throws Exception {
        return DaemonProcess.start(home, javaOptions, directory.resolve("run"), NOBODY_LISTENS)
                .awaitSocket();
    }

    private static Path inTheDistribution() throws IOException {
        String machine = System.getProperty("os.arch").replace("amd64", "x86_64");
        try (Stream<Path> files = Files.list(Prerequisites.home().resolve("lib").resolve(machine))) {
            return files.findFirst().orElseThrow();
        }
    }

    private Path preparedCopyOfTheDistribution() throws Exception {
        Path home = copyOfTheDistribution();
        Ended ended = DaemonProcess.run(home.resolve("bin/clockbound-archive"));
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        return home;
    }

    private static Path firstJar(Path home) throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("lib"))) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void delete(Path file) throws IOException {
        Files.deleteIfExists(file); // never written over: a daemon that has it mapped would crash
    }

    private Path copyOfTheDistribution() throws IOException {
        Path home = Prerequisites.home();
        Path copy = directory.resolve("home");
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(home.relativize(file).toString()), COPY_ATTRIBUTES);
            }
        }
        return copy;
    }
}
