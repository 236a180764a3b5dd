/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.packages;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.it.Engine;
import io.clockbound.it.Prerequisites;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The service under a real systemd, installed from the archive as the README says. */
class SystemdIT {

    private static final String CONFIGURATION = "/etc/clockbound/clockboundd.conf";

    @TempDir
    private static Path directory;

    private static SystemdMachine machine;

    @BeforeAll
    static void install() throws Exception {
        Engine.require();
        machine = SystemdMachine.boot();
        Path archive = Path.of(Prerequisites.home() + ".tar.gz");
        machine.run("mkdir -p /checkout/distribution/target");
        machine.copy(archive, "/checkout/distribution/target/" + archive.getFileName());
        machine.run("cd /checkout\n" + Readme.commands("### From the archive").get(0));
    }

    @AfterAll
    static void end() {
        if (machine != null) {
            machine.close();
        }
    }

    @BeforeEach
    void isSynchronized() throws Exception {
        machine.run("install -m 644 /opt/clockbound/conf/clockboundd.conf " + CONFIGURATION);
        machine.run("systemctl reset-failed clockboundd; systemctl start clockboundd");
        machine.awaitSynchronized();
    }

    @Test
    void theStatusLineShowsTheBound() throws Exception {
        machine.await("the bound", "systemctl status clockboundd | grep 'Status: \"SYNCHRONIZED, error bound .*s\"'");
    }

    @Test
    void isStartedAnewWhenItIsKilled() throws Exception {
        String pid = machine.property("MainPID");
        machine.run("kill -9 " + pid);
        machine.await(
                "another process",
                "systemctl is-active clockboundd && test $(systemctl show -P MainPID clockboundd) != " + pid);
        machine.awaitSynchronized();
        assertThat(machine.property("NRestarts")).isNotEqualTo("0");
    }

    @Test
    void aHungPollLoopIsEndedByTheWatchdogAndSaysWhereItHung() throws Exception {
        HungTimeSource.write(directory.resolve("hung.jar"));
        machine.copy(directory.resolve("hung.jar"), "/opt/clockbound/lib/hung.jar");
        try {
            machine.run("echo 'time-source = hung' >>" + CONFIGURATION + "; systemctl restart clockboundd");
            machine.await(
                    "the watchdog",
                    "journalctl -u clockboundd -o cat | grep \"Failed with result 'watchdog'\""
                            + " && test $(systemctl show -P NRestarts clockboundd) -gt 0");
        } finally {
            machine.run("rm /opt/clockbound/lib/hung.jar; systemctl stop clockboundd");
        }
        assertThat(machine.journal()).contains("at " + HungTimeSource.NAME + ".poll(");
        isSynchronized();
    }

    @Test
    void itsStartDoesNotStartAChronydThatWasStopped() throws Exception {
        machine.run("systemctl stop clockboundd chrony; systemctl start clockboundd");
        try {
            assertThat(machine.attempt("systemctl is-active chrony").getStdout())
                    .isEqualTo("inactive\n");
        } finally {
            machine.run("systemctl start chrony");
        }
    }

    @Test
    void reloadAdoptsWhatItCanAndTheJournalShowsLevels() throws Exception {
        machine.run("printf 'level = 1\\npoll-interval = 2s\\n' >>" + CONFIGURATION + "; systemctl reload clockboundd");
        machine.await(
                "a message for developers",
                "journalctl -u clockboundd -o cat -p debug..debug | grep 'Poll SYNCHRONIZED'");
        machine.await(
                "a warning",
                "journalctl -u clockboundd -o cat -p warning..warning"
                        + " | grep 'Changed, but only a restart adopts it: poll-interval'");
        machine.await(
                "a message",
                "journalctl -u clockboundd -o cat -p info..info | grep 'Configuration reloaded; changed: level'");
        machine.run("systemctl restart clockboundd");
    }

    @Test
    void stoppingRemovesTheSocketsAndKeepsTheSegments() throws Exception {
        machine.run("systemctl stop clockboundd");
        assertThat(machine.property("Result")).isEqualTo("success");
        assertThat(machine.run("cd /run; ls -d clockbound*/*").lines())
                .containsExactlyInAnyOrder("clockbound/shm", "clockbound/shm0");
    }

    @Test
    void aWrongConfigurationIsLeftToAPerson() throws Exception {
        machine.run("echo 'levle = 1' >>" + CONFIGURATION);
        assertThat(machine.attempt("systemctl restart clockboundd").getExitCode())
                .isNotZero();
        machine.await("the end of it", "systemctl is-failed clockboundd");
        assertThat(machine.property("NRestarts")).isEqualTo("0");
        assertThat(machine.journal()).contains("'levle' is no option; did you mean 'level'?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/tmp", "/var/tmp", "/home/alice"})
    void clientsWhoseSocketsAreInTheirTemporaryDirectoryAreAnswered(String own) throws Exception {
        machine.run("id alice >/dev/null || useradd --create-home alice");
        String ask = Readme.commands("### From any other language").get(0).replace("/tmp/", own + "/");
        assertThat(machine.run("su alice -c " + quoted(ask))).startsWith("00000000: 0101 0000 ");
    }

    @Test
    void nothingCanBeWrittenButItsOwnDirectories() throws Exception {
        machine.run("useradd --create-home bob; chmod 777 /home/bob; mkdir -p -m 777 /srv/shared");
        String found = machine.run("""
            pid=$(systemctl show -P MainPID clockboundd)
            for mount in $(cut -d ' ' -f 5 /proc/$pid/mountinfo); do
                nsenter -t $pid -m setpriv --reuid clockbound --regid clockbound --clear-groups \
                    find $mount -xdev -path '/proc/*' -prune -o -type d -writable -print 2>/dev/null || true
            done | sort -u
            """);
        assertThat(found.lines()).containsExactly("/run/clockbound", "/run/clockboundd");
    }

    @Test
    void itsExposureIsLowAndTheDecisionsSayWhatIsLeft() throws Exception {
        String unit = "/etc/systemd/system/clockboundd.service";
        String analysis =
                machine.run("LC_ALL=C.UTF-8 systemd-analyze security --no-pager --offline=true --threshold=15 " + unit);
        String decisions = Files.readString(Prerequisites.home().resolve("docs/DECISIONS.md"))
                .replace("\\|", "|");
        List<String> left = analysis.lines()
                .filter(line -> line.startsWith("✗"))
                .map(line -> line.replaceFirst("✗ +(\\S+).*", "$1"))
                .toList();
        assertThat(left).isNotEmpty().allSatisfy(name -> assertThat(decisions).contains("`" + name + "`"));
    }

    @Test
    void asTheUserOfChronydItAsksOnTheUnixSocket() throws Exception {
        machine.run("echo 'cmdport 0' >/etc/chrony/conf.d/cmdport.conf; systemctl restart chrony");
        try {
            machine.run(Readme.commands("### chronyd's Unix socket").get(0));
            machine.awaitSynchronized();
            assertThat(machine.run("clockboundctl status")).contains("unix:/run/chrony/chronyd.sock");
            machine.run("systemctl stop chrony"); // its directory goes with it
            machine.await("the loss", "! clockboundctl now");
            machine.run("systemctl start chrony");
            machine.awaitSynchronized();
        } finally {
            machine.run("""
                rm -r /etc/chrony/conf.d/cmdport.conf /etc/systemd/system/clockboundd.service.d
                systemctl daemon-reload
                systemctl restart chrony clockboundd
                """);
        }
        machine.awaitSynchronized();
        assertThat(machine.run("stat -c %U /run/clockbound/shm0")).isEqualTo("clockbound\n");
    }

    @Test
    void theSocketsCanBeForOneGroup() throws Exception {
        String dropIn = "/etc/systemd/system/clockboundd.service.d";
        machine.run("getent group asking >/dev/null || groupadd asking; mkdir " + dropIn);
        machine.run("printf 'socket-mode = 0660\\nsocket-group = asking\\n' >>" + CONFIGURATION);
        try {
            machine.run("printf '[Service]\\nGroup=asking\\n' >" + dropIn + "/group.conf; systemctl daemon-reload");
            machine.run("systemctl restart clockboundd");
            assertThat(machine.run("stat -c '%a %G' /run/clockboundd/*.sock")).isEqualTo("660 asking\n660 asking\n");
        } finally {
            machine.run("rm -r " + dropIn + "; systemctl daemon-reload; systemctl stop clockboundd");
        }
    }

    private static String quoted(String commands) {
        return "'" + commands.strip().replace("'", "'\\''") + "'";
    }
}
