/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockbound.testing.FakeVmClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class VmClockTest {

    @TempDir
    private Path directory;

    private Path device;
    private VmClock clock;

    @BeforeEach
    void choosePlace() {
        device = directory.resolve("vmclock0");
        clock = new VmClock(device);
    }

    @AfterEach
    void close() {
        clock.close();
    }

    @Test
    void returnsTheCurrentValuesOfBothCounters() throws IOException {
        FakeVmClock page = FakeVmClock.create(device, 7, 1);
        assertThat(clock.read()).isEqualTo(new VmClockCounters(7, 1));
        page.set(-8, 1);
        assertThat(clock.read()).isEqualTo(new VmClockCounters(-8, 1));
        page.set(-8, -2);
        assertThat(clock.read()).isEqualTo(new VmClockCounters(-8, -2));
    }

    @Test
    void aPageOfTheFirstEditionHasNoGeneration() throws IOException {
        FakeVmClock page = FakeVmClock.createWithoutGeneration(device, 7);
        assertThat(clock.read()).isEqualTo(new VmClockCounters(7, 0));
        page.set(8, 5);
        assertThat(clock.read()).isEqualTo(new VmClockCounters(8, 0));
    }

    @ParameterizedTest
    @CsvSource({"112, 0, 0", "111, 256, 0", "112, 256, 9", "112, 511, 9", "4096, 256, 9"})
    void theGenerationCountsWhenTheFlagAndTheSizeSayThatItIsThere(int size, long flags, long generation)
            throws IOException {
        FakeVmClock page = FakeVmClock.create(device, 7, 9);
        page.bytes().putInt(4, size).putLong(24, flags);
        page.write();
        Files.write(device, new byte[4096 - 112], StandardOpenOption.APPEND);
        assertThat(clock.read()).isEqualTo(new VmClockCounters(7, generation));
    }

    @Test
    void bothCountersAreOfTheSameUpdate() throws Exception {
        FakeVmClock.create(device, 0, 0);
        AtomicBoolean isOver = new AtomicBoolean();
        Thread hypervisor = new Thread(() -> updateUntil(isOver));
        hypervisor.start();
        try {
            for (int i = 0; i < 20_000; i++) {
                assertOfOneUpdate();
            }
        } finally {
            isOver.set(true);
            hypervisor.join();
        }
    }

    private void assertOfOneUpdate() {
        VmClockCounters now;
        try {
            now = clock.read();
        } catch (IOException e) {
            assertThat(e)
                    .as("the thread that updates lost the processor")
                    .hasMessageContaining("does not finish an update");
            return;
        }
        assertThat(now.generation()).isEqualTo(now.disruptionMarker());
    }

    /** Updates the page as a hypervisor does: in place, word by word. */
    private void updateUntil(AtomicBoolean isOver) {
        try (FileChannel channel = FileChannel.open(device, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer page =
                    channel.map(FileChannel.MapMode.READ_WRITE, 0, 112).order(ByteOrder.LITTLE_ENDIAN);
            for (int n = 1; !isOver.get(); n++) {
                page.putInt(12, 2 * n + 1);
                page.putLong(16, n);
                page.putLong(0x68, n);
                page.putInt(12, 2 * n + 2);
                // a hypervisor leaves the page alone for longer than a copy takes
                for (int i = 0; i < 10_000 && !isOver.get(); i++) {
                    Thread.onSpinWait();
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anUpdateThatDoesNotEndFailsTheRead() throws IOException {
        FakeVmClock page = FakeVmClock.create(device, 7, 1);
        clock.read();
        page.beginUpdate();
        assertThatThrownBy(clock::read)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(device.toString())
                .hasMessageContaining("does not finish an update");
        page.set(8, 1);
        assertThat(clock.read()).isEqualTo(new VmClockCounters(8, 1));
    }

    @Test
    void isReadByAnInterruptedThreadWhichStaysInterrupted() throws IOException {
        FakeVmClock.create(device, 7, 1);
        Thread.currentThread().interrupt();
        assertThat(clock.read().disruptionMarker()).isEqualTo(7);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void readsADeviceWhichCannotBeMapped() {
        try (VmClock zeros = new VmClock(Path.of("/dev/zero"))) {
            assertThatThrownBy(zeros::read)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("/dev/zero is not a VMClock page");
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "4, 103", "8, 2"})
    void refusesAnInvalidPage(int offset, int value) throws IOException {
        FakeVmClock page = FakeVmClock.create(device, 7, 1);
        page.bytes().putInt(offset, value);
        page.write();
        assertThatThrownBy(clock::read).isInstanceOf(IOException.class).hasMessageContaining(device.toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 103, 111})
    void refusesAFileThatIsTooShort(int bytes) throws IOException {
        FakeVmClock.create(device, 7, 1);
        try (FileChannel channel = FileChannel.open(device, StandardOpenOption.WRITE)) {
            channel.truncate(bytes);
        }
        assertThatThrownBy(clock::read).isInstanceOf(IOException.class).hasMessageContaining(device.toString());
    }

    @Test
    void reportsAMissingPageAndFindsItWhenItAppears() throws IOException {
        assertThat(clock.isPresent()).isFalse();
        assertThat(clock.isReadableByEverybody()).isFalse();
        assertThatThrownBy(clock::read)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(device + " does not exist");
        FakeVmClock.create(device, 7, 1);
        assertThat(clock.isPresent()).isTrue();
        assertThat(clock.read().disruptionMarker()).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({"rw-r--r--, true", "rw-------, false", "rw-r-----, false", "r-----r--, true"})
    void tellsWhetherEveryUserMayReadIt(String mode, boolean isReadable) throws IOException {
        FakeVmClock.create(device, 7, 1);
        Files.setPosixFilePermissions(device, PosixFilePermissions.fromString(mode));
        assertThat(clock.isReadableByEverybody()).isEqualTo(isReadable);
    }

    @Test
    void cannotBeReadOnceItIsClosed() throws IOException {
        FakeVmClock.create(device, 7, 1);
        clock.read();
        clock.close();
        clock.close();
        assertThatThrownBy(clock::read).isInstanceOf(IOException.class).hasMessageContaining("closed");
    }
}
