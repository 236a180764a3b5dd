/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.phc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.clockbound.spi.ErrorBoundProvider;
import io.clockbound.spi.ReferenceId;
import io.clockbound.spi.Services;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhcErrorBoundProviderTest {

    private static final ReferenceId PHC0 = ReferenceId.ofClock("PHC0");
    private static final String LEAVE_OUT =
            ", or leave it out (for clockboundd phc-ref-id and phc-interface) to have the card found";

    private static final String DRIVER_REMEDY =
            "; if this lasts, load the ENA driver with phc_enable=1, see the kernel's log, or name another interface";

    @TempDir
    private Path root;

    private FakeSysfs sysfs;

    @BeforeEach
    void mount() {
        sysfs = new FakeSysfs(root);
    }

    private ErrorBoundProvider provider() {
        return new PhcErrorBoundProvider().with(Map.of("sysfs", root.toString()));
    }

    private ErrorBoundProvider provider(String setting, String value) {
        return provider().with(Map.of(setting, value));
    }

    @Test
    void isInstalledAsPhc() {
        assertThat(Services.named(ErrorBoundProvider.class, "phc")).isInstanceOf(PhcErrorBoundProvider.class);
    }

    // which reference

    @ParameterizedTest
    @ValueSource(strings = {"PHC0", "PHC1", "PHC"})
    void everyClockNamedPhcIsAskedForByDefault(String clock) throws IOException {
        Files.writeString(sysfs.card("ens5", "0000:00:05.0"), "8000\n");
        assertThat(provider().errorNanos(ReferenceId.ofClock(clock))).hasValue(8_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GPS", "PPS0", "phc0", "APHC"})
    void aClockOfAnotherNameIsNotAskedFor(String clock) throws IOException {
        Files.writeString(sysfs.card("ens5", "0000:00:05.0"), "8000\n");
        assertThat(provider().errorNanos(ReferenceId.ofClock(clock))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "PHC0"})
    void aServerWhoseAddressSpellsPhcIsNotAskedFor(String configured) throws IOException {
        Files.writeString(sysfs.card("ens5", "0000:00:05.0"), "8000\n");
        ErrorBoundProvider provider = configured.isEmpty() ? provider() : provider("reference-id", configured);
        assertThat(provider.errorNanos(new ReferenceId(PHC0.code(), true))).isEmpty();
    }

    @Test
    void withoutAReferenceAndForTheLocalClockNothingIsAskedFor() throws IOException {
        Files.writeString(sysfs.card("ens5", "0000:00:05.0"), "8000\n");
        assertThat(provider().errorNanos(ReferenceId.NONE)).isEmpty();
        assertThat(provider().errorNanos(ReferenceId.LOCAL)).isEmpty();
    }

    @Test
    void aClockNamedPhcIsAskedForBesideTheConfiguredOne() throws IOException {
        Files.writeString(sysfs.card("ens5", "0000:00:05.0"), "8000\n");
        ErrorBoundProvider provider = provider("reference-id", "ENA");
        assertThat(provider.errorNanos(ReferenceId.ofClock("ENA"))).hasValue(8_000);
        assertThat(provider.errorNanos(PHC0)).hasValue(8_000);
        assertThat(provider.errorNanos(ReferenceId.ofClock("ENA1"))).isEmpty();
    }

    // a configured interface

    @Test
    void theBoundOfTheConfiguredInterfaceIsTaken() throws IOException {
        Files.writeString(sysfs.card("ens5", "0000:00:05.0"), "8000\n");
        Files.writeString(sysfs.card("ens6", "0000:00:06.0"), "9000\n");
        assertThat(provider("interface", "ens5").errorNanos(PHC0)).hasValue(8_000);
    }

    @Test
    void everyCallReadsAgain() throws IOException {
        Path bound = sysfs.card("ens5", "0000:00:05.0");
        ErrorBoundProvider provider = provider("interface", "ens5");
        Files.writeString(bound, "8000\n");
        assertThat(provider.errorNanos(PHC0)).hasValue(8_000);
        Files.writeString(bound, "9000\n");
        assertThat(provider.errorNanos(PHC0)).hasValue(9_000);
    }

    @Test
    void aConfiguredInterfaceThatDoesNotExistCannotTell() {
        assertCannotTell(
                provider("interface", "ens5"),
                root + "/class/net/ens5 does not exist; name an interface that is there" + LEAVE_OUT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "DRIVER=virtio_net\n", "OLD_PCI_SLOT_NAME=0000:00:05.0\n"})
    void aConfiguredInterfaceThatIsNoPciDeviceCannotTell(String text) throws IOException {
        Path uevent = sysfs.uevent("eth0", text);
        assertCannotTell(
                provider("interface", "eth0"),
                uevent + " has no line PCI_SLOT_NAME; name an interface that is a PCI device" + LEAVE_OUT);
    }

    @Test
    void aConfiguredInterfaceWithoutABoundCannotTell() throws IOException {
        Path bound = sysfs.card("ens5", "0000:00:05.0");
        assertCannotTell(provider("interface", "ens5"), bound + " does not exist" + DRIVER_REMEDY);
    }

    // searching

    @Test
    void theSearchFindsACardWhoseInterfaceIsInAnotherNetworkNamespace() throws IOException {
        Files.writeString(sysfs.card("ens5", "0000:00:05.0"), "8000\n");
        Files.delete(root.resolve("class/net/ens5/device"));
        assertThat(provider().errorNanos(PHC0)).hasValue(8_000);
    }

    @Test
    void theSearchTakesTheLargestBound() throws IOException {
        Files.writeString(sysfs.card("ens5", "0000:00:05.0"), "8000\n");
        Files.writeString(sysfs.card("ens6", "0000:00:06.0"), "9000\n");
        Files.writeString(sysfs.card("ens7", "0000:00:07.0"), "7000\n");
        assertThat(provider("interface", "auto").errorNanos(PHC0)).hasValue(9_000);
    }

    @Test
    void oneUnreadableBoundAmongSeveralCannotTell() throws IOException {
        Files.writeString(sysfs.card("ens5", "0000:00:05.0"), "8000\n");
        Path blocked = sysfs.card("ens6", "0000:00:06.0");
        Files.writeString(blocked, "4294967295\n");
        assertCannotTell(
                provider(), blocked + " has '4294967295', not nanoseconds from 0 to 4294967294" + DRIVER_REMEDY);
    }

    @Test
    void aClockThatNoDriverShowsABoundForIsOfAnotherKind() throws IOException {
        sysfs.card("ens5", "0000:00:05.0");
        assertThat(provider().errorNanos(PHC0)).isEmpty();
    }

    @Test
    void aClockOnAHostWithoutPciIsOfAnotherKind() throws IOException {
        Files.delete(root.resolve("bus/pci/devices"));
        assertThat(provider().errorNanos(PHC0)).isEmpty();
    }

    @Test
    void aConfiguredClockThatNoDriverShowsABoundForCannotTell() throws IOException {
        sysfs.card("ens5", "0000:00:05.0");
        assertCannotTell(
                provider("reference-id", "PHC0"),
                "no PCI device of " + root + " has a phc_error_bound for the reference clock PHC0; load the ENA driver"
                        + " with phc_enable=1, or leave out 'reference-id' if this is another kind of clock");
    }

    @Test
    void withoutSysfsTheSearchCannotTell() {
        ErrorBoundProvider provider = new PhcErrorBoundProvider().with(Map.of("sysfs", root + "/none"));
        assertCannotTell(
                provider, root + "/none/bus/pci/devices does not exist; mount sysfs, or set 'sysfs' to where it is");
    }

    @Test
    void aBoundOnceFoundCannotBeToldWhileItIsGone() throws IOException {
        Path bound = sysfs.card("ens5", "0000:00:05.0");
        ErrorBoundProvider provider = provider();
        assertThat(provider.errorNanos(PHC0)).isEmpty();
        Files.writeString(bound, "8000\n");
        assertThat(provider.errorNanos(PHC0)).hasValue(8_000);
        Files.delete(bound);
        assertCannotTell(provider, bound + " does not exist" + DRIVER_REMEDY);
        assertCannotTell(provider, bound + " does not exist" + DRIVER_REMEDY);
        Files.writeString(bound, "9000\n");
        assertThat(provider.errorNanos(PHC0)).hasValue(9_000);
    }

    @Test
    void whatOneProviderFoundItsConfiguredCopyForgets() throws IOException {
        Path bound = sysfs.card("ens5", "0000:00:05.0");
        Files.writeString(bound, "8000\n");
        ErrorBoundProvider provider = provider();
        assertThat(provider.errorNanos(PHC0)).hasValue(8_000);
        Files.delete(bound);
        assertThat(provider.with(Map.of()).errorNanos(PHC0)).isEmpty();
    }

    // settings

    @Test
    void anUnknownSettingIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> provider("refid", "PHC0"))
                .withMessage("'refid' is no setting of phc; it has interface, reference-id, sysfs");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            reference-id | ''    | reference id '' must be 1 to 4 printable ASCII characters, such as PHC0
            reference-id | PHC01 | reference id 'PHC01' must be 1 to 4 printable ASCII characters, such as PHC0
            reference-id | PHÇ0  | reference id 'PHÇ0' must be 1 to 4 printable ASCII characters, such as PHC0
            sysfs        | ''    | sysfs '' must be an absolute path, such as /sys
            sysfs        | sys   | sysfs 'sys' must be an absolute path, such as /sys
            """)
    void aBadValueIsRefused(String setting, String value, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PhcErrorBoundProvider().with(Map.of(setting, value)))
                .withMessage(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "..", "/", "../lo", "ens5/", "ens5:1", "ens 5", "éns5", "a\0b", "sixteenletterslo"})
    void aNameThatNoInterfaceCanHaveIsRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> provider("interface", name))
                .withMessage("interface '" + name + "' must be the name of a network interface, 1 to 15 ASCII"
                        + " characters without / and :, such as ens5, or auto");
    }

    private static void assertCannotTell(ErrorBoundProvider provider, String message) {
        assertThatIOException().isThrownBy(() -> provider.errorNanos(PHC0)).withMessage(message);
    }
}
