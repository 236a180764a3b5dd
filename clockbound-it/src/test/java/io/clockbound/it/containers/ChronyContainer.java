/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.containers;

import com.github.dockerjava.api.DockerClient;
import io.clockbound.chrony.testing.TestChronyd;
import io.clockbound.it.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;

/**
 * A container in which a chronyd runs.
 *
 * <p>The directory of its command socket is the host's, under the same path: chronyd answers to the path of the client's
 * socket. On the loopback of its network namespace it can be asked at port 323.
 */
final class ChronyContainer implements TestChronyd.Launcher {

    private final DockerClient docker = DockerClientFactory.instance().client();
    private final Path directory;
    private final String network;
    private String image;
    private @Nullable GenericContainer<?> container;

    /** Makes one that has started nothing yet, in the network of a neighbour or, without one, in a network of its own. */
    ChronyContainer(String image, Path directory, @Nullable ChronyContainer neighbour) throws IOException {
        this.image = image;
        this.directory = Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        this.network = neighbour == null ? "none" : "container:" + neighbour.id();
    }

    /** Starts an NTP server, whose time is the local clock's until a command moves it away. */
    TestChronyd server() throws IOException {
        return start("local stratum 1", "allow 127.0.0.0/8", "cmdport 0");
    }

    /** Starts a client of the server in the same network. */
    TestChronyd client() throws IOException {
        return start("server 127.0.0.1 minpoll -2 maxpoll 0 iburst", "maxclockerror 1", "port 0");
    }

    private TestChronyd start(String... role) throws IOException {
        Path socket = directory.resolve("chronyd.sock");
        List<String> lines = new ArrayList<>(List.of("bindcmdaddress 127.0.0.1", "bindcmdaddress " + socket));
        lines.addAll(List.of(role));
        return TestChronyd.start(this, directory, socket, lines);
    }

    String id() {
        return running().getContainerId();
    }

    /** Returns what {@code chronyd -v} says, such as 4.3. */
    String version() throws IOException {
        return run(List.of("chronyd", "-v")).replaceFirst("(?s).*version (\\S+).*", "$1");
    }

    /** Removes the container; the next one will be of another image. */
    void replaceBy(String other) {
        close();
        image = other;
    }

    @Override
    public void launch(List<String> words) {
        if (container != null) {
            docker.startContainerCmd(id()).exec();
            return;
        }
        container = Engine.container(image, words.toArray(String[]::new))
                .withNetworkMode(network)
                .withFileSystemBind(directory.toString(), directory.toString(), BindMode.READ_WRITE);
        container.start();
    }

    @Override
    public String run(List<String> words) throws IOException {
        // later chronycs turn into another user, who may not enter the directory, unless they are told to stay
        String stay =
                "[ \"$0\" = chronyc ] && chronyc --help | grep -q -e '-u USER' && set -- -u root \"$@\"; \"$0\" \"$@\"";
        String[] command =
                Stream.concat(Stream.of("sh", "-c", stay), words.stream()).toArray(String[]::new);
        try {
            ExecResult result = running().execInContainer(command);
            if (result.getExitCode() != 0) {
                throw new IOException(String.join(" ", words) + ": " + result.getStdout() + result.getStderr());
            }
            return result.getStdout();
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void requireRunning() throws IOException {
        if (!running().isRunning()) {
            throw new IOException("chronyd has ended: " + running().getLogs());
        }
    }

    @Override
    public void suspend() {
        docker.pauseContainerCmd(id()).exec();
    }

    @Override
    public void resume() {
        docker.unpauseContainerCmd(id()).exec();
    }

    /** Ends what runs in it; the container stays. */
    @Override
    public void kill() {
        if (container != null && container.isRunning()) {
            docker.killContainerCmd(id()).exec();
        }
    }

    @Override
    public void close() {
        if (container != null) {
            container.stop();
            container = null;
        }
    }

    private GenericContainer<?> running() {
        if (container == null) {
            throw new IllegalStateException("nothing was started in this container");
        }
        return container;
    }
}
