/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.clockbound.chrony.testing.Answer;
import io.clockbound.chrony.testing.ScriptedChronyd;
import io.clockbound.spi.ReferenceId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;

@Timeout(30)
class UnixSocketTest {

    private static final ReferenceId SERVER = new ReferenceId(0x7F000001, true);

    @TempDir
    Path directory;

    private ScriptedChronyd chronyd;
    private ChronyTimeSource source;

    @BeforeEach
    void start() throws IOException {
        chronyd = ScriptedChronyd.onUnix(directory.resolve("chronyd.sock"));
        source = asking(chronyd.address());
    }

    @AfterEach
    void stop() throws IOException {
        source.close();
        chronyd.close();
    }

    private static ChronyTimeSource asking(String addresses) {
        return new ChronyTimeSource().with(Map.of("address", addresses));
    }

    private List<Path> ownFiles() throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith("clockbound."))
                    .toList();
        }
    }

    @Test
    void itsOwnSocketStandsBesideChronydsAndMayBeWrittenByAll() throws IOException {
        source.poll();
        assertThat(ownFiles()).singleElement().satisfies(own -> {
            assertThat(own.getFileName().toString())
                    .matches("clockbound\\." + ProcessHandle.current().pid() + "\\.[0-9a-f]{8}\\.sock");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own)))
                    .isEqualTo("rw-rw-rw-");
        });
    }

    @Test
    void closeRemovesTheFileAndAPollAfterItMakesANewOne() throws IOException {
        source.poll();
        source.close();
        assertThat(ownFiles()).isEmpty();
        source.poll();
        assertThat(ownFiles()).hasSize(1);
    }

    @Test
    void twoTimeSourcesAskOneChronydSideBySide() throws IOException {
        try (ChronyTimeSource second = asking(chronyd.address())) {
            for (int i = 0; i < 5; i++) {
                assertThat(source.poll().reference()).isEqualTo(SERVER);
                assertThat(second.poll().reference()).isEqualTo(SERVER);
            }
            assertThat(ownFiles()).hasSize(2);
        }
        assertThat(source.poll().reference()).isEqualTo(SERVER);
    }

    @Test
    void whatAKilledProcessLeftIsRemoved() throws IOException {
        Path left = directory.resolve("clockbound.1.00000000.sock");
        try (AFUNIXDatagramChannel killed = AFUNIXDatagramChannel.open()) {
            killed.setDeleteOnClose(false);
            killed.bind(AFUNIXSocketAddress.of(left));
        }
        assertThat(left).exists();
        source.poll();
        assertThat(left).doesNotExist();
    }

    @Test
    void killedChronydRefusesAndARestartedOneIsFoundAgain() throws IOException {
        source.poll();
        chronyd.die();
        assertThatThrownBy(source::poll)
                .hasMessage(chronyd.address()
                        + ": connection refused: nothing listens there; chronyd died, start it again");
        assertThat(ownFiles()).isEmpty();
        chronyd.restart();
        assertThat(source.poll().reference()).isEqualTo(SERVER);
    }

    @Test
    void restartBetweenTwoPollsIsNotNoticed() throws IOException {
        source.poll();
        chronyd.restart();
        assertThat(source.poll().reference()).isEqualTo(SERVER);
        assertThat(ownFiles()).hasSize(1);
    }

    @Test
    void silenceIsAnErrorThatNamesAppArmor() throws IOException {
        chronyd.answer(Answer.silence());
        assertThatThrownBy(source::poll)
                .hasMessage(chronyd.address() + ": no reply: chronyd is stopped, or may not write to the socket beside"
                        + " its own to which it should reply (AppArmor lets it write in its own directory only,"
                        + " usually /run/chrony)");
        assertThat(ownFiles()).isEmpty();
    }

    @Test
    void fullQueueOfAStoppedChronydDoesNotBlock() throws IOException {
        CountDownLatch stopped = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        chronyd.answer(request -> {
            stopped.countDown();
            await(released);
            return List.of();
        });
        try (AFUNIXDatagramChannel other = AFUNIXDatagramChannel.open()) {
            other.bind(AFUNIXSocketAddress.of(directory.resolve("other.sock")));
            other.configureBlocking(false);
            other.connect(AFUNIXSocketAddress.of(directory.resolve("chronyd.sock")));
            other.write(ByteBuffer.allocate(104));
            await(stopped);
            int sent;
            do {
                sent = other.write(ByteBuffer.allocate(104));
            } while (sent > 0);
            assertThatThrownBy(source::poll)
                    .hasMessage(chronyd.address()
                            + ": request not sent: the queue of chronyd's socket is full; chronyd is stopped");
        } finally {
            released.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void missingSocketIsAnErrorThatNamesBindcmdaddress() throws IOException {
        chronyd.close();
        assertThatThrownBy(source::poll)
                .hasMessage(chronyd.address() + ": no such socket: chronyd is not running,"
                        + " or its bindcmdaddress in chrony.conf is another path");
        try (ChronyTimeSource elsewhere = asking("unix:" + directory + "/none/chronyd.sock")) {
            assertThatThrownBy(elsewhere::poll).hasMessageContaining(": no such socket: ");
        }
    }

    @Test
    void directoryWithoutPermissionIsAnErrorThatSaysWhoMay() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            assumeFalse(Files.isWritable(directory), "this user may write everywhere");
            assertThatThrownBy(source::poll)
                    .hasMessage(chronyd.address()
                            + ": permission denied: this user may not create a socket for the replies" + " in "
                            + directory + "; where chronyd listens on no UDP port, run as root or as chronyd's user");
            assertThat(source.problems()).singleElement().asString().contains(": permission denied: ");
        } finally {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void pathTooLongForASocketBesideItIsAnError() throws IOException {
        Path deep = Files.createDirectories(
                directory.resolve("d".repeat(95 - directory.toString().length())));
        try (ScriptedChronyd far = ScriptedChronyd.onUnix(deep.resolve("c.sock"));
                ChronyTimeSource asking = asking(far.address())) {
            assertThatThrownBy(asking::poll).hasMessageContaining("too long for a socket of ours beside it");
        }
    }

    @Test
    void fallsBackToUdpInTheSamePoll() throws IOException {
        try (ScriptedChronyd udp = ScriptedChronyd.onUdp();
                ChronyTimeSource both = asking(chronyd.address() + "," + udp.address())) {
            both.poll();
            assertThat(both.peer()).isEqualTo(chronyd.address());
            chronyd.die();
            both.poll();
            assertThat(both.peer()).isEqualTo(udp.address());
        }
    }
}
