/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.packages;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.it.Engine;
import io.clockbound.it.Prerequisites;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The life of the Debian package on a machine with systemd, chrony and a Java runtime. */
class PackageIT {

    private static final String CONFIGURATION = "/etc/clockbound/clockboundd.conf";

    private SystemdMachine machine;

    @BeforeAll
    static void require() throws Exception {
        Engine.require();
    }

    @BeforeEach
    void install() throws Exception {
        machine = SystemdMachine.boot();
        machine.run("mkdir -p /checkout/distribution/target");
        machine.copy(deb(), "/checkout/distribution/target/" + deb().getFileName());
        machine.run("cd /checkout\n" + Readme.commands("## Install").get(0));
        machine.awaitSynchronized();
    }

    @AfterEach
    void end() {
        if (machine != null) {
            machine.close();
        }
    }

    @Test
    void installingItIsAllThatASynchronizedServiceNeeds() throws Exception {
        assertThat(machine.run("systemctl is-enabled clockboundd; systemctl is-active clockboundd"))
                .isEqualTo("enabled\nactive\n");
        assertThat(machine.run("stat -c %U /run/clockboundd/clockboundd.sock")).isEqualTo("clockbound\n");
        machine.run("grep clockboundd.jsa /proc/$(systemctl show -P MainPID clockboundd)/maps"); // prepared, and taken
        assertThat(machine.run("clockboundctl now")).endsWith("SYNCHRONIZED\n");
        machine.run("zcat /usr/share/man/man8/clockboundd.8.gz /usr/share/man/man1/clockboundctl.1.gz | grep -q TIME");
        assertThat(machine.run("""
            source /usr/share/bash-completion/completions/clockboundctl
            COMP_WORDS=(clockboundctl st) COMP_CWORD=1
            _complete_clockboundctl
            echo ${COMPREPLY[*]}
            """)).isEqualTo("status\n");
    }

    @Test
    void anUpgradeKeepsConfigurationSegmentsAndClients() throws Exception {
        machine.run("sed -i 's/^max_clock_error = .*/max_clock_error = 77/' " + CONFIGURATION);
        machine.run("systemctl restart clockboundd");
        machine.awaitSynchronized();
        String before = segments();
        String pid = machine.property("MainPID");
        machine.run(
                "clockboundctl watch --json --interval 50ms >/root/watched 2>&1 </dev/null & echo $! >/root/watcher");
        machine.await("readings", "test $(wc -l </root/watched) -gt 10");
        machine.run("""
            cd /root
            dpkg-deb -R /checkout/distribution/target/*.deb next
            sed -i 's/^Version: .*/Version: 99-1/' next/DEBIAN/control
            dpkg-deb -Zgzip -z1 -b next next.deb
            DEBIAN_FRONTEND=noninteractive apt-get install -y ./next.deb
            """);
        machine.await("the new daemon", "clockboundctl status"); // on its socket
        assertThat(machine.property("MainPID")).isNotEqualTo(pid);
        assertThat(machine.run("clockboundctl status")).containsPattern("max clock error +77 ppm");
        assertThat(segments()).isEqualTo(before);
        machine.run("wc -l </root/watched >/root/count");
        machine.await(
                "a reading of its bound",
                "test $(wc -l </root/watched) -gt $(cat /root/count) && tail -n 1 /root/watched | grep"
                        + " '\"is_trusted\":true'");
        machine.run("kill $(cat /root/watcher)"); // it has lived through all that
    }

    @Test
    void removingItEndsTheServiceAndPurgingItLeavesNothing() throws Exception {
        machine.run("DEBIAN_FRONTEND=noninteractive apt-get remove -y clockbound");
        assertThat(machine.attempt("systemctl is-active clockboundd").getStdout())
                .isEqualTo("inactive\n");
        machine.run("test -e " + CONFIGURATION + " && ! test -e /run/clockboundd/clockboundd.sock");
        machine.run("DEBIAN_FRONTEND=noninteractive apt-get purge -y clockbound");
        assertThat(machine.run("find / -xdev -path /checkout -prune -o -iname '*clockbound*' -print; ls -d"
                        + " /run/clock* || true"))
                .isEmpty();
        assertThat(machine.run("getent passwd clockbound || getent group clockbound || echo nobody"))
                .isEqualTo("nobody\n");
        assertThat(machine.run("find / /run -xdev '(' -nouser -o -nogroup ')' -not -path '/proc/*' -print"))
                .isEmpty();
    }

    @Test
    void whoLeftItDisabledFindsItDisabledAfterAnUpgrade() throws Exception {
        machine.run("systemctl disable --now clockboundd");
        machine.run(
                "DEBIAN_FRONTEND=noninteractive apt-get install -y --reinstall /checkout/distribution/target/*.deb");
        assertThat(machine.attempt("systemctl is-enabled clockboundd; systemctl is-active clockboundd")
                        .getStdout())
                .isEqualTo("disabled\n");
        assertThat(machine.attempt("systemctl is-active clockboundd").getStdout())
                .isEqualTo("inactive\n");
    }

    @Test
    void anotherProgramOfItsNameIsNotStartedInItsPlaceButNamedAndTheReadmeRemovesIt() throws Exception {
        machine.run("""
            printf '#!/bin/sh\\nexec sleep infinity\\n' >/usr/local/bin/clockboundd
            chmod +x /usr/local/bin/clockboundd
            systemctl restart clockboundd
            """);
        assertThat(machine.run("readlink /proc/$(systemctl show -P MainPID clockboundd)/exe"))
                .endsWith("/java\n");
        String reinstall = "DEBIAN_FRONTEND=noninteractive apt-get install -y --reinstall"
                + " /checkout/distribution/target/*.deb 2>&1";
        assertThat(machine.run(reinstall))
                .contains("clockbound: /usr/local/bin/clockboundd hides the one of this package");
        // a unit that starts it, as before this package came
        machine.run("sed 's|^ExecStart=.*|ExecStart=/usr/local/bin/clockboundd|; s|^Type=.*|Type=simple|'"
                + " /lib/systemd/system/clockboundd.service >/etc/systemd/system/clockboundd.service");
        assertThat(machine.run(reinstall))
                .contains("clockbound: /etc/systemd/system/clockboundd.service hides the one of this package");
        machine.run("DEBIAN_FRONTEND=noninteractive apt-get purge -y clockbound"); // what is left is the other program
        machine.run(Readme.commands("## Coming from ClockBound 0.1.4").get(0));
        assertThat(machine.run(reinstall)).doesNotContain("hides");
        machine.awaitSynchronized();
    }

    /** Returns the inodes of the segments, which their readers have mapped. */
    private String segments() throws Exception {
        return machine.run("stat -c %i /run/clockbound/shm /run/clockbound/shm0");
    }

    /** Returns the Debian package that the build made. */
    static Path deb() throws IOException {
        return built(".deb");
    }

    /** Returns what the build made of a kind. */
    static Path built(String kind) throws IOException {
        try (Stream<Path> files = Files.list(Prerequisites.home().getParent())) {
            List<Path> packages =
                    files.filter(file -> file.toString().endsWith(kind)).toList();
            assertThat(packages).hasSize(1);
            return packages.get(0);
        }
    }
}
