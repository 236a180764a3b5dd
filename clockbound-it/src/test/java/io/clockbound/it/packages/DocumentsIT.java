/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.packages;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.partitioningBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.chrony.testing.TestChronyd;
import io.clockbound.it.DaemonProcess;
import io.clockbound.it.DaemonProcess.Ended;
import io.clockbound.it.Deadline;
import io.clockbound.it.Prerequisites;
import io.clockbound.it.Seclusion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the distribution says of itself, held against what it is. */
class DocumentsIT {

    private static final Pattern LONG_OPTION = Pattern.compile("--[a-z][a-z_-]+");

    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private Path directory;

    @BeforeAll
    static void require() {
        Prerequisites.require();
    }

    @Test
    void theExamplesOfTheReadmeCompileAgainstTheJars() throws IOException {
        assertThat(compiledExamples()).hasSize(2);
    }

    /** A namespace of its own has the daemon's directories where the example looks for them. */
    @Test
    void theClientOfTheReadmeCommitsAtAnInstantOfTheDaemon() throws Exception {
        Prerequisites.require(Seclusion.isAllowed(), "no namespace can be made here, as root may: the README's client");
        String client = compiledExamples().get(0);
        String run = "mount --bind \"$0\" /run && exec \"$@\"";
        try (TestChronyd server = TestChronyd.server();
                TestChronyd chronyd = TestChronyd.client(server.ntpPort());
                DaemonProcess daemon = DaemonProcess.start(
                        directory.resolve("clockboundd"),
                        chronyd.commandPort(),
                        "--transport=shm",
                        "--shm-dir=" + directory.resolve("clockbound"))) {
            Deadline.await(() -> "trust", () -> daemon.countInLog("-> SYNCHRONIZED") > 0);
            Ended ended = DaemonProcess.run(
                    Path.of("/usr/bin/unshare"),
                    "--mount",
                    "sh",
                    "-c",
                    run,
                    directory.toString(),
                    Path.of(System.getProperty("java.home"), "bin/java").toString(),
                    "-cp",
                    classPath() + ":" + directory,
                    client);
            assertThat(ended.output()).matches("commit at \\S+Z\n");
            assertThat(ended.exitCode()).isZero();
        }
    }

    /** Compiles what the README shows in Java, and returns the names of the classes. */
    private List<String> compiledExamples() throws IOException {
        List<String> names = new ArrayList<>();
        for (MatchResult block : JAVA_BLOCK.matcher(read("README.md")).results().toList()) {
            String name = "Example" + names.size();
            Map<Boolean, String> lines =
                    block.group(1).lines().collect(partitioningBy(line -> line.startsWith("import "), joining("\n")));
            String source = lines.get(true) + "\npublic class " + name
                    + " { public static void main(String[] words) throws Exception {\n" + lines.get(false) + "\n}}\n";
            Path file = Files.writeString(directory.resolve(name + ".java"), source);
            assertThat(ToolProvider.getSystemJavaCompiler()
                            .run(
                                    null,
                                    null,
                                    null,
                                    "-proc:none",
                                    "-cp",
                                    classPath(),
                                    "-d",
                                    directory.toString(),
                                    file.toString()))
                    .isZero();
            names.add(name);
        }
        return names;
    }

    private static String classPath() throws IOException {
        return jars().stream().map(Path::toString).collect(joining(":"));
    }

    @Test
    void theReadmeNamesEveryOptionAndNoOther() throws Exception {
        String readme = read("README.md");
        String options = readme.substring(readme.indexOf("\n## Options\n"), readme.indexOf("\nSignals: "));
        assertThat(longOptions(options))
                .containsExactlyInAnyOrderElementsOf(
                        longOptions(DaemonProcess.run("--help").output()));
    }

    @Test
    void theReadmeNamesEveryCommandAndItsOptions() throws Exception {
        String readme = read("README.md");
        String section =
                readme.substring(readme.indexOf("### clockboundctl"), readme.indexOf("### From any other language"));
        for (String command : CtlCommands.names()) {
            assertThat(section).contains("`" + command);
            assertThat(longOptions(section))
                    .containsAll(longOptions(CtlCommands.help(command)).stream()
                            .filter(option -> !List.of("--help", "--version").contains(option))
                            .toList());
        }
    }

    @Test
    void theFileOfOptionsIsValid() throws Exception {
        Path file = Prerequisites.home().resolve("conf/clockboundd.conf");
        Ended asItIs = DaemonProcess.run("--check-config", "--config", file.toString());
        assertThat(asItIs.exitCode()).as(asItIs.output()).isZero();
    }

    @Test
    void theFileOfOptionsIsValidWithWhatItLeavesOut() throws Exception {
        String everything = Files.readString(Prerequisites.home().resolve("conf/clockboundd.conf"))
                .replaceAll("(?m)^#([a-z-]+ = .+)$", "$1");
        Path file = Files.writeString(directory.resolve("clockboundd.conf"), everything);
        Ended ended = DaemonProcess.run("--check-config", "--config", file.toString());
        assertThat(ended.output()).contains("The configuration is valid"); // its interface is not on every machine
    }

    @Test
    void theUnitLetsAnswersOutToClientsWhoseSocketsAreInTheirTemporaryDirectory() throws IOException {
        assertThat(read("systemd/clockboundd.service").lines())
                .contains("ProtectSystem=strict", "ProtectHome=read-only")
                .noneMatch(line -> line.startsWith("PrivateTmp="));
    }

    @Test
    void theUnitComesAfterChronydButDoesNotStartIt() throws IOException {
        assertThat(read("systemd/clockboundd.service")
                        .lines()
                        .filter(line -> line.matches("[A-Za-z]+=.*chronyd?\\.service.*")))
                .containsExactly("After=chrony.service chronyd.service");
    }

    /** systemd looks into /usr/local/bin first, where AWS's instructions for ClockBound 0.1 put a program of this name. */
    @Test
    void theUnitStartsTheProgramOfThePackageWhateverElseHasItsName() throws IOException {
        assertThat(read("systemd/clockboundd.service").lines().filter(line -> line.startsWith("ExecStart=")))
                .containsExactly("ExecStart=/usr/bin/clockboundd");
        assertThat(Readme.commands("### From the archive").get(0)).contains("'s|=/usr/bin/|=/opt/clockbound/bin/|'");
    }

    @Test
    void theUnitRestartsWhateverHappensButNotOnAWrongConfiguration() throws IOException {
        assertThat(read("systemd/clockboundd.service").lines())
                .contains("Restart=always", "StartLimitIntervalSec=0", "RestartPreventExitStatus=2");
    }

    @Test
    void theLicenceOfEveryJarIsNamed() throws IOException {
        String licences = read("licenses/THIRD-PARTY.txt");
        assertThat(jars().stream()
                        .map(jar -> jar.getFileName().toString())
                        .filter(jar -> !jar.startsWith("clockbound-"))
                        .map(jar -> jar.replaceFirst("-[0-9].*", "")))
                .isNotEmpty()
                .allSatisfy(artifact -> assertThat(licences).contains(":" + artifact + ":"));
    }

    private static List<String> longOptions(String text) {
        return LONG_OPTION
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .distinct()
                .toList();
    }

    private static List<Path> jars() throws IOException {
        try (Stream<Path> files = Files.list(Prerequisites.home().resolve("lib"))) {
            return files.filter(file -> file.toString().endsWith(".jar")).toList();
        }
    }

    private static String read(String file) throws IOException {
        return Files.readString(Prerequisites.home().resolve(file));
    }
}
