/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.containers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import io.clockbound.it.Deadline;
import io.clockbound.it.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;

/**
 * A container of our own image, as little privileged as the README has it: nothing can be written but the two volumes.
 *
 * <p>Its clients are containers of the same image, which share nothing with it but those.
 */
final class DaemonContainer implements AutoCloseable {

    private final DockerClient docker = DockerClientFactory.instance().client();
    private final GenericContainer<?> container;

    /**
     * The directories that a daemon shares with its clients.
     *
     * @param sockets name of the volume with its sockets
     * @param segments name of the volume with its shared memory
     */
    record Volumes(String sockets, String segments) implements AutoCloseable {

        static Volumes create(String prefix) {
            return new Volumes(prefix + "-sockets", prefix + "-segments");
        }

        Bind[] binds(String clientAccess) {
            return new Bind[] {
                Bind.parse(sockets + ":/run/clockboundd:rw"), Bind.parse(segments + ":/run/clockbound:" + clientAccess)
            };
        }

        @Override
        public void close() {
            DockerClient docker = DockerClientFactory.instance().client();
            for (String volume : List.of(sockets, segments)) {
                docker.removeVolumeCmd(volume).exec();
            }
        }
    }

    /** Starts a daemon that asks the chronyd at port 323 of a container's network, and waits until it serves. */
    DaemonContainer(ChronyContainer neighbour, Volumes volumes, String... options) throws Exception {
        String[] words = new String[options.length + 1];
        words[0] = "@clockboundd";
        System.arraycopy(options, 0, words, 1, options.length);
        this.container = confined("container:" + neighbour.id(), volumes.binds("rw"), words);
        container.start();
        Deadline.await(
                () -> "a daemon that serves: " + container.getLogs(),
                () -> ctl("status").getExitCode() == 0);
    }

    /** Returns a client without any network, for which the shared memory is read-only; it is not started yet. */
    static GenericContainer<?> client(Volumes volumes, String... words) {
        return confined("none", volumes.binds("ro"), words);
    }

    /** Runs {@code clockboundctl} in the daemon's own container. */
    ExecResult ctl(String... words) throws Exception {
        String[] command = new String[words.length + 2];
        command[0] = "java";
        command[1] = "@clockboundctl";
        System.arraycopy(words, 0, command, 2, words.length);
        return container.execInContainer(command);
    }

    /** Waits until the engine says this of its health, such as "healthy". */
    void awaitHealth(String status) throws Exception {
        Deadline.await(
                () -> "health " + status + ": " + container.getLogs(),
                () -> status.equals(docker.inspectContainerCmd(container.getContainerId())
                        .exec()
                        .getState()
                        .getHealth()
                        .getStatus()));
    }

    /** Returns what the daemon's process has mapped into its memory, as the host's kernel lists it. */
    String maps() throws IOException {
        Long pid = docker.inspectContainerCmd(container.getContainerId())
                .exec()
                .getState()
                .getPidLong();
        return Files.readString(Path.of("/proc/" + pid + "/maps"));
    }

    String log() {
        return container.getLogs();
    }

    /** Starts the daemon anew in the same container. */
    void restart() {
        docker.restartContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void close() {
        container.stop();
    }

    private static GenericContainer<?> confined(String network, Bind[] binds, String... words) {
        return Engine.container(Engine.PRODUCT, words)
                .withNetworkMode(network)
                .withCreateContainerCmdModifier(create -> confine(create, binds));
    }

    private static void confine(CreateContainerCmd create, Bind[] binds) {
        HostConfig host = Objects.requireNonNull(create.getHostConfig());
        host.withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of("no-new-privileges:true"))
                .withReadonlyRootfs(true)
                .withBinds(binds);
        // the image's own probe, sooner
        create.withHealthcheck(
                new HealthCheck().withInterval(Duration.ofSeconds(2).toNanos()));
    }
}
