/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VmClockTest {

    @TempDir
    private Path directory;

    private Path device;

    @BeforeEach
    void choosePlace() {
        device = directory.resolve("vmclock0");
    }

    /** Writes the page of a hypervisor. */
    static void write(Path device, long marker) throws IOException {
        Files.write(device, page(marker).array());
    }

    @Test
    void tellsTheMarkerAsItIsNow() throws IOException {
        try (VmClock clock = new VmClock(device)) {
            write(device, 7);
            assertThat(clock.disruptionMarker()).isEqualTo(7);
            write(device, -8);
            assertThat(clock.disruptionMarker()).isEqualTo(-8);
        }
    }

    @Test
    void isReadByAThreadWithAnInterruptWhichStays() throws IOException {
        try (VmClock clock = new VmClock(device)) {
            write(device, 7);
            Thread.currentThread().interrupt();
            assertThat(clock.disruptionMarker()).isEqualTo(7);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void readsADeviceWhichCannotBeMapped() {
        try (VmClock clock = new VmClock(Path.of("/dev/zero"))) {
            assertThatThrownBy(clock::disruptionMarker)
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining("no VMClock page");
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "4, 23", "8, 2", "12, 1"})
    void refusesAPageThatIsNoneOrIsBeingUpdated(int offset, int value) throws IOException {
        Files.write(device, page(7).putInt(offset, value).array());
        try (VmClock clock = new VmClock(device)) {
            assertThatThrownBy(clock::disruptionMarker)
                    .isInstanceOf(ProtocolException.class)
                    .hasMessageContaining(device.toString());
        }
    }

    @Test
    void refusesAFileThatIsTooShort() throws IOException {
        Files.write(device, new byte[23]);
        try (VmClock clock = new VmClock(device)) {
            assertThatThrownBy(clock::disruptionMarker).isInstanceOf(ProtocolException.class);
        }
    }

    @Test
    void findsADeviceThatComesLater() throws IOException {
        try (VmClock clock = new VmClock(device)) {
            assertThatThrownBy(clock::disruptionMarker).isInstanceOf(NoSuchFileException.class);
            write(device, 7);
            assertThat(clock.disruptionMarker()).isEqualTo(7);
        }
    }

    @Test
    void isReadNoMoreOnceItIsClosed() throws IOException {
        write(device, 7);
        VmClock clock = new VmClock(device);
        clock.disruptionMarker();
        clock.close();
        clock.close();
        assertThatThrownBy(clock::disruptionMarker).isInstanceOf(IOException.class);
    }

    private static ByteBuffer page(long marker) {
        return ByteBuffer.allocate(104)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0, 0x4B4C4356)
                .putInt(4, 104)
                .putShort(8, (short) 1)
                .putInt(12, 2)
                .putLong(16, marker);
    }
}
