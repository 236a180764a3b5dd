/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.containers;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.chrony.testing.TestChronyd;
import io.clockbound.it.DaemonProcess;
import io.clockbound.it.Deadline;
import io.clockbound.it.Engine;
import io.clockbound.it.Prerequisites;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;

/** What the README and the manifest say about containers, done as they say it. */
class ContainerDocumentsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    private static Path directory;

    private TestChronyd server;
    private TestChronyd chronyd;
    private ChronyContainer container;

    @BeforeAll
    static void require() throws Exception {
        Engine.requireProduct();
        Prerequisites.require(
                run("docker-compose version", "none").exitCode() == 0,
                "docker-compose is not on this machine: install the package docker-compose");
    }

    @BeforeEach
    void startChronyds() throws Exception {
        Path own = Files.createTempDirectory(directory, "");
        ChronyContainer neighbour = new ChronyContainer(Engine.BASE, own.resolve("server"), null);
        server = neighbour.server();
        container = new ChronyContainer(Engine.BASE, own.resolve("chronyd"), neighbour);
        chronyd = container.client();
    }

    @AfterEach
    void endChronyds() {
        chronyd.close();
        server.close();
    }

    /** Only that chronyd is in a container, not on the machine, comes from outside. */
    @Test
    void theCommandsOfTheReadmeWorkAsTheyStand() throws Exception {
        String readme = Files.readString(Prerequisites.home().resolve("README.md"));
        String section = readme.substring(readme.indexOf("### In a container"));
        String commands = section.substring(section.indexOf("```sh\n") + 6, section.indexOf("\n```\n"));
        try {
            DaemonProcess.Ended ended = run(commands, "container:" + container.id());
            assertThat(ended.exitCode()).as(ended.output()).isZero();
            assertThat(ended.output().lines().reduce("", (first, second) -> second))
                    .contains("±")
                    .endsWith("SYNCHRONIZED");
        } finally {
            run("docker-compose -f container/compose.yaml down --volumes", "none");
        }
    }

    /** The directories of the node are made as the manifest's {@code DirectoryOrCreate} does it: as root's. */
    @Test
    void theContainersOfTheManifestRunAsItSays() throws Exception {
        Path node = Files.createTempDirectory(directory, "node");
        Manifest manifest = Manifest.read(
                Prerequisites.home().resolve("container/daemonset.yaml"), node, "container:" + container.id());
        try (GenericContainer<?> first = manifest.container("initContainers", Engine.BASE)) {
            first.withStartupCheckStrategy(new OneShotStartupCheckStrategy()).start();
        }
        try (GenericContainer<?> daemon = manifest.container("containers", Engine.PRODUCT)) {
            daemon.start();
            for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
                String[] command = manifest.probe(probe);
                Deadline.await(
                        () -> probe + ": " + daemon.getLogs(),
                        () -> daemon.execInContainer(command).getExitCode() == 0);
            }
            assertThat(node.resolve("run/clockbound/shm0")).exists();
            chronyd.kill();
            String[] ready = manifest.probe("readinessProbe");
            Deadline.await(
                    () -> "the end of trust: " + daemon.getLogs(),
                    () -> daemon.execInContainer(ready).getExitCode() != 0);
            for (String probe : List.of("startupProbe", "livenessProbe")) {
                assertThat(daemon.execInContainer(manifest.probe(probe)).getExitCode())
                        .as(probe + " without trust")
                        .isZero();
            }
        }
    }

    /** Runs lines in the directory of the distribution, as a shell does that stops at the first failure. */
    private static DaemonProcess.Ended run(String lines, String network) throws IOException, InterruptedException {
        Path printed = Files.createTempFile(directory, "", ".txt");
        ProcessBuilder shell = new ProcessBuilder("sh", "-ec", lines)
                .directory(Prerequisites.home().toFile())
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile());
        shell.environment().put("CLOCKBOUND_NETWORK", network);
        Process process = shell.start();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return new DaemonProcess.Ended(process.exitValue(), Files.readString(printed));
    }
}
