/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.packages;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import io.clockbound.it.Deadline;
import io.clockbound.it.Engine;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.MountableFile;

/**
 * A Debian whose first process is a real systemd, in a container without a network, with chrony's own service, which follows
 * a second chronyd beside it.
 *
 * <p>Both of them run with {@code -x}: neither may set the clock, and neither could.
 */
final class SystemdMachine implements AutoCloseable {

    /** The second chronyd, and what chrony's service needs to follow it where the clock may not be set. */
    private static final String CHRONYDS = """
        cat >/etc/chrony/reference.conf <<'END'
        user _chrony
        pidfile /run/reference/pid
        bindcmdaddress /run/reference/sock
        cmdport 0
        port 11123
        bindaddress 127.0.0.1
        allow 127.0.0.0/8
        local stratum 1
        END
        cat >/etc/systemd/system/reference.service <<'END'
        [Service]
        User=_chrony
        RuntimeDirectory=reference
        RuntimeDirectoryMode=0700
        ExecStart=/usr/sbin/chronyd -4 -x -U -d -f /etc/chrony/reference.conf
        END
        mkdir /etc/systemd/system/chrony.service.d
        printf '[Unit]\\nConditionCapability=\\n' >/etc/systemd/system/chrony.service.d/condition.conf
        echo 'DAEMON_OPTS="-F 1 -x"' >/etc/default/chrony
        sed -i '/^pool/d' /etc/chrony/chrony.conf
        echo 'server 127.0.0.1 port 11123 minpoll -2 maxpoll 0 iburst' >/etc/chrony/sources.d/reference.sources
        systemctl daemon-reload
        systemctl start reference chrony
        """;

    private final GenericContainer<?> container;

    private SystemdMachine(GenericContainer<?> container) {
        this.container = container;
    }

    /** Boots one, and starts the chronyds. */
    static SystemdMachine boot() throws Exception {
        GenericContainer<?> container = Engine.container(Engine.BASE, "/lib/systemd/systemd")
                .withTmpFs(Map.of("/run", "", "/run/lock", "", "/tmp", "exec"))
                .withCreateContainerCmdModifier(SystemdMachine::permit);
        container.start();
        SystemdMachine machine = new SystemdMachine(container);
        try {
            machine.await("the end of the boot", "systemctl is-system-running | grep -E 'running|degraded'");
            machine.run(CHRONYDS);
            return machine;
        } catch (Exception | AssertionError e) {
            machine.close();
            throw e;
        }
    }

    /** What systemd needs for mounts, and for the user namespaces of services: it looks at them as they are set up. */
    private static void permit(CreateContainerCmd create) {
        HostConfig host = Objects.requireNonNull(create.getHostConfig());
        host.withCapDrop(Capability.SYS_TIME)
                .withCapAdd(Capability.SYS_ADMIN, Capability.SYS_PTRACE)
                .withCgroupnsMode("private");
    }

    /** Copies a file into it. */
    void copy(Path file, String as) {
        container.copyFileToContainer(MountableFile.forHostPath(file), as);
    }

    /** Runs commands of the shell as root and returns their output; the first that fails fails the test. */
    String run(String commands) throws Exception {
        ExecResult result = attempt(commands);
        assertThat(result.getExitCode())
                .as(commands + result.getStdout() + result.getStderr())
                .isZero();
        return result.getStdout();
    }

    /** Runs commands of the shell as root, which may fail. */
    ExecResult attempt(String commands) throws Exception {
        return container.execInContainer("bash", "-e", "-c", commands);
    }

    /** Waits until commands of the shell succeed. */
    void await(String what, String commands) throws Exception {
        Deadline.await(() -> what + "\n" + journal(), () -> attempt(commands).getExitCode() == 0);
    }

    /** Waits until the service is synchronised. */
    void awaitSynchronized() throws Exception {
        run("clockboundctl wait --timeout 3m");
    }

    /** Returns a property of the service as {@code systemctl show} has it. */
    String property(String name) throws Exception {
        return run("systemctl show -P " + name + " clockboundd").strip();
    }

    /** Returns what the journal has of the service. */
    String journal() {
        try {
            return run("journalctl -u clockboundd --no-pager -o cat");
        } catch (Exception e) {
            throw new AssertionError("the journal cannot be read", e);
        }
    }

    @Override
    public void close() {
        container.stop();
    }
}
