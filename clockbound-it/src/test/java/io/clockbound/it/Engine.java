/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.api.model.Capability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The container engine, and the images that are made on the spot by {@code src/test/docker/build-images}.
 *
 * <p>No container gets the right to set the clock, and every chronyd in one runs with {@code -x}.
 */
public final class Engine {

    /** Debian with chrony, a JDK and systemd. */
    public static final String BASE = "clockbound-test/base";

    /** A later Debian's chrony. */
    public static final String NEWER_CHRONY = "clockbound-test/newer-chrony";

    /** Ours, as the README's commands name and build it. */
    public static final String PRODUCT = "clockbound";

    /** What {@link #PRODUCT} is made in, and in a machine without a registry another name for {@link #BASE}. */
    private static final String PRODUCT_BASE = "debian:bookworm-slim";

    private static final int PATIENCE_MINUTES = 30;

    private Engine() {}

    /** Skips the tests without an engine, or fails them when they are required. */
    public static void require() throws Exception {
        Prerequisites.require();
        // a client alone means nothing
        Prerequisites.require(
                run("engine", List.of("docker", "info")),
                "no container engine answers 'docker info': start one, or run this under"
                        + " clockbound-it/src/test/docker/with-engine");
        String base = System.getProperty("clockbound.it.base-image", "");
        List<String> build = List.of("src/test/docker/build-images");
        Prerequisites.require(
                run("images", base.isEmpty() ? build : List.of(build.get(0), base)),
                "the images cannot be made, target/images.log says why");
    }

    /** Builds our image. */
    public static void requireProduct() throws Exception {
        require();
        boolean isThere = run("inspect", List.of("docker", "image", "inspect", PRODUCT_BASE))
                || run("pull", List.of("docker", "pull", PRODUCT_BASE))
                || run("tag", List.of("docker", "tag", BASE, PRODUCT_BASE));
        String home = Prerequisites.home().toString();
        String file = home + "/container/Dockerfile";
        assertTrue(
                isThere && run("build", List.of("docker", "build", "-t", PRODUCT, "-f", file, home)),
                "our image cannot be built, target/build.log says why");
    }

    /** Returns a container that runs a command in a Debian without any network; it is not started yet. */
    public static GenericContainer<?> container(String image, String... command) {
        return new GenericContainer<>(DockerImageName.parse(image))
                .withNetworkMode("none")
                .withCommand(command)
                .withCreateContainerCmdModifier(create -> create.getHostConfig().withCapDrop(Capability.SYS_TIME));
    }

    /** Returns the paths of an image's files and directories. */
    public static List<String> filesOf(String image) throws Exception {
        assertTrue(run(
                "files",
                List.of(
                        "sh",
                        "-c",
                        "id=$(docker create " + image + ") && docker export $id | tar t; docker rm $id >/dev/null")));
        return Files.readAllLines(Path.of("target/files.log"));
    }

    /** Runs a command to its end and keeps what it printed; tells whether it succeeded. */
    private static boolean run(String name, List<String> command) throws InterruptedException {
        Path log = Path.of("target", name + ".log");
        try {
            Files.createDirectories(log.getParent());
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                return process.exitValue() == 0;
            }
            process.destroyForcibly();
            return false;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }
}
