/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.packages;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.it.Engine;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The life of the RPM: with rpm itself and under systemd, on a Debian, whose packages rpm knows nothing of. */
class RpmIT {

    private static final String CONFIGURATION = "/etc/clockbound/clockboundd.conf";

    private SystemdMachine machine;

    @BeforeAll
    static void require() throws Exception {
        Engine.require();
    }

    @BeforeEach
    void install() throws Exception {
        machine = SystemdMachine.boot();
        Path rpm = PackageIT.built(".rpm");
        machine.copy(rpm, "/root/clockbound.rpm");
        machine.run("rpm -i --nodeps /root/clockbound.rpm && systemctl start clockboundd");
        machine.awaitSynchronized();
    }

    @AfterEach
    void end() {
        if (machine != null) {
            machine.close();
        }
    }

    @Test
    void itOnlySuggestsChrony() throws Exception {
        assertThat(machine.run("rpm -q --requires --recommends --supplements clockbound"))
                .doesNotContain("chrony");
        assertThat(machine.run("rpm -q --suggests clockbound")).isEqualTo("chrony\n");
    }

    @Test
    void anUpgradeKeepsTheConfigurationAndStartsTheServiceAnew() throws Exception {
        String pid = machine.property("MainPID");
        machine.run("echo 'level = 1' >>" + CONFIGURATION);
        machine.run("rpm -U --force --nodeps /root/clockbound.rpm");
        machine.await("the new daemon", "clockboundctl status");
        assertThat(machine.property("MainPID")).isNotEqualTo(pid);
        assertThat(machine.run("tail -n 1 " + CONFIGURATION)).isEqualTo("level = 1\n");
        machine.run("rpm -V --nodeps clockbound | grep -v ' c " + CONFIGURATION + "' && exit 1 || true");
    }

    @Test
    void erasingItLeavesNothingButTheUser() throws Exception {
        machine.run("rpm -e clockbound");
        assertThat(machine.attempt("systemctl is-active clockboundd").getStdout())
                .isEqualTo("inactive\n");
        assertThat(machine.run("find / -xdev -iname '*clockbound*' -not -path '/root/*'; ls -d /run/clock* || true"))
                .isEmpty();
        assertThat(machine.run("id -un clockbound")).isEqualTo("clockbound\n"); // as with all packages of its kind
    }
}
