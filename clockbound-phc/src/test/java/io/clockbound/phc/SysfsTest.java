/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.phc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SysfsTest {

    private static final String REMEDY =
            "; if this lasts, load the ENA driver with phc_enable=1, see the kernel's log, or name another interface";

    @TempDir
    private Path directory;

    private Path bound;

    @BeforeEach
    void name() {
        bound = directory.resolve("phc_error_bound");
    }

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "0,0",
                "123,123",
                "'123\n',123",
                "' \t123 \n\n',123",
                "000123,123",
                "123.0,123",
                "123.000000001,124",
                "123.4,124",
                "4294967294,4294967294",
                "4294967293.5,4294967294"
            })
    void aNumberOfNanosecondsIsRoundedUp(String text, long nanos) throws IOException {
        Files.writeString(bound, text);
        assertThat(Sysfs.errorBoundNanos(bound)).isEqualTo(nanos);
    }

    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "'',''",
                "'\n',''",
                "unknown,unknown",
                "-1,-1",
                "-0,-0",
                "+1,+1",
                "1e3,1e3",
                "1e999999999,1e999999999",
                "0x10,0x10",
                "NaN,NaN",
                "inf,inf",
                "Infinity,Infinity",
                ".5,.5",
                "1.,1.",
                "'1,5','1,5'",
                "'1 2','1 2'",
                "'1\n2\n',1?2",
                "1\0,1?",
                "١٢٣,??????",
                "4294967295,4294967295",
                "4294967294.5,4294967294.5",
                "18446744073709551616,18446744073709551616",
                "1234567890123456789012345678901234567890,1234567890123456789012345678901234567890",
                "12345678901234567890123456789012345678901,1234567890123456789012345678901234567890..."
            })
    void anythingElseIsAnErrorThatShowsIt(String text, String shown) throws IOException {
        Files.writeString(bound, text);
        assertCannotTell(bound + " has '" + shown + "', not nanoseconds from 0 to 4294967294" + REMEDY);
    }

    @ParameterizedTest
    @ValueSource(ints = {4095, 4096})
    void aFileOfSysfsHoldsAPage(int length) throws IOException {
        Files.writeString(bound, " ".repeat(length - 1) + "7");
        assertThat(Sysfs.errorBoundNanos(bound)).isEqualTo(7);
    }

    @Test
    void aLongerFileIsAnError() throws IOException {
        Files.writeString(bound, " ".repeat(4096) + "7");
        assertCannotTell(bound + " is longer than 4096 bytes" + REMEDY);
    }

    @Test
    void aMissingFileIsAnError() {
        assertCannotTell(bound + " does not exist" + REMEDY);
    }

    @Test
    void aDirectoryIsAnError() throws IOException {
        Files.createDirectory(bound);
        assertCannotTell(bound + " is not a regular file" + REMEDY);
    }

    @Test
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aPipeIsAnErrorAndDoesNotBlock() throws Exception {
        Process mkfifo = new ProcessBuilder("mkfifo", bound.toString()).start();
        assertThat(mkfifo.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(mkfifo.exitValue()).isZero();
        assertCannotTell(bound + " is not a regular file" + REMEDY);
    }

    @Test
    void aFileThatMayNotBeReadIsAnError() throws IOException {
        Files.createFile(bound, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("---------")));
        assumeFalse(Files.isReadable(bound), "root reads everything");
        assertCannotTell(bound + " cannot be read: permission denied; run as a user who may read it");
    }

    /** Like the driver's EBUSY and EOPNOTSUPP, this one comes from read(2): nothing is mapped at address 0. */
    @Test
    void aFailureOfTheDriverIsAnErrorThatShowsIt() {
        bound = Path.of("/proc/self/mem");
        assertCannotTell("/proc/self/mem cannot be read: Input/output error" + REMEDY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "../../../etc", "/etc", "a/b", "0000..05", "0000:00:05.0 ", "\u00e9", "a\0b"})
    void aPciAddressThatLeadsElsewhereIsNotFollowed(String slot) throws IOException {
        Path uevent = new FakeSysfs(directory).uevent("eth0", "PCI_SLOT_NAME=" + slot + "\n");
        assertThatIOException()
                .isThrownBy(() -> new Sysfs(directory).errorBoundFile("eth0"))
                .withMessageStartingWith(uevent + " has PCI_SLOT_NAME=")
                .withMessageEndingWith(
                        ", not a PCI address such as 0000:00:05.0; name an interface that is a PCI device,"
                                + " or leave it out (for clockboundd phc-ref-id and phc-interface) to have the card"
                                + " found");
    }

    private void assertCannotTell(String message) {
        assertThatIOException().isThrownBy(() -> Sysfs.errorBoundNanos(bound)).withMessage(message);
    }
}
