/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.containers;

import com.github.dockerjava.api.DockerClient;
import io.clockbound.it.Deadline;
import io.clockbound.it.Engine;
import io.clockbound.it.truth.TrackingProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;

/**
 * A chronyd in a container, which only computes what it would correct.
 *
 * <p>The directory of its command socket is the host's, under the same path: chronyd answers to the path of the client's
 * socket. On the loopback of its network namespace it can be asked at port 323.
 */
final class ChronyContainer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final DockerClient docker = DockerClientFactory.instance().client();
    private final Path directory;
    private final String network;
    private GenericContainer<?> container;

    private ChronyContainer(Path directory, String network, String image) {
        this.directory = directory;
        this.network = network;
        this.container = create(image);
    }

    /** Starts an NTP server, in a network of its own, whose time is the local clock's until a command moves it away. */
    static ChronyContainer server(String image, Path directory) throws Exception {
        return start(image, directory, "none", List.of("local stratum 1", "allow 127.0.0.0/8", "cmdport 0"));
    }

    /** Starts a client of a server, in the server's network. */
    static ChronyContainer client(String image, Path directory, ChronyContainer server) throws Exception {
        return start(
                image,
                directory,
                "container:" + server.id(),
                List.of("server 127.0.0.1 minpoll -2 maxpoll 0 iburst", "maxclockerror 1", "port 0"));
    }

    private static ChronyContainer start(String image, Path directory, String network, List<String> role)
            throws Exception {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        List<String> lines = new ArrayList<>(List.of(
                "user root",
                "bindcmdaddress 127.0.0.1",
                "bindcmdaddress " + directory.resolve("chronyd.sock"),
                // it ends with the container: every process in one has the number of the last one's
                "pidfile /dev/shm/chronyd.pid"));
        lines.addAll(role);
        Files.write(directory.resolve("chrony.conf"), lines);
        ChronyContainer chronyd = new ChronyContainer(directory, network, image);
        try {
            chronyd.container.start();
            chronyd.awaitAnswer();
            return chronyd;
        } catch (Exception | AssertionError e) {
            chronyd.close();
            throw e;
        }
    }

    String id() {
        return container.getContainerId();
    }

    Path socket() {
        return directory.resolve("chronyd.sock");
    }

    /** Returns what {@code chronyd -v} says, such as 4.3. */
    String version() throws Exception {
        return exec("chronyd", "-v").replaceFirst("(?s).*version (\\S+).*", "$1");
    }

    String chronyc(String... words) throws Exception {
        // later ones turn into another user, who may not enter the directory, unless they are told to stay
        String stay = "chronyc --help | grep -q -e '-u USER' && set -- -u root \"$@\"; exec chronyc \"$@\"";
        List<String> command = new ArrayList<>(List.of("sh", "-c", stay, "chronyc", "-h", socket().toString()));
        command.addAll(List.of(words));
        return exec(command.toArray(String[]::new));
    }

    /** Suspends it: its sockets stay, and nobody answers. */
    void pause() {
        docker.pauseContainerCmd(id()).exec();
    }

    void unpause() {
        docker.unpauseContainerCmd(id()).exec();
    }

    /** Ends it without warning; the container stays. */
    void kill() {
        docker.killContainerCmd(id()).exec();
    }

    /** Starts the container again, without what its chronyd had measured. */
    void restart() throws Exception {
        docker.startContainerCmd(id()).exec();
        awaitAnswer();
    }

    /** Removes the container. */
    void remove() {
        container.stop();
    }

    /** Puts a new container in the place of one that was removed. */
    void start(String image) throws Exception {
        container = create(image);
        container.start();
        awaitAnswer();
    }

    /** Ends and removes the container. */
    @Override
    public void close() {
        remove();
    }

    private void awaitAnswer() throws Exception {
        Deadline.in(PATIENCE).await(() -> "an answer of chronyd: " + container.getLogs(), () -> {
            try (TrackingProbe probe = new TrackingProbe(socket())) {
                return probe.ask().isPresent();
            } catch (IOException e) {
                return false; // no socket yet
            }
        });
    }

    private String exec(String... command) throws Exception {
        ExecResult result = container.execInContainer(command);
        if (result.getExitCode() != 0) {
            throw new IOException(String.join(" ", command) + ": " + result.getStdout() + result.getStderr());
        }
        return result.getStdout();
    }

    private GenericContainer<?> create(String image) {
        // -x: no control of the clock, for which the container has no right either
        return Engine.container(image, "chronyd", "-4", "-x", "-d", "-f", directory + "/chrony.conf")
                .withNetworkMode(network)
                .withFileSystemBind(directory.toString(), directory.toString(), BindMode.READ_WRITE);
    }
}
