/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.phc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory that looks like sysfs: {@code device} of an interface is a link to a PCI device, as in the real one. */
record FakeSysfs(Path root) {

    FakeSysfs {
        create(root.resolve("class/net/lo"));
        create(root.resolve("bus/pci/devices"));
    }

    /** Adds a PCI network card and returns where its driver shows a bound. */
    Path card(String interfaceName, String slot) throws IOException {
        Path device = create(root.resolve("bus/pci/devices").resolve(slot));
        Files.writeString(device.resolve("uevent"), "DRIVER=ena\nPCI_SLOT_NAME=" + slot + "\nMODALIAS=pci:v1D0F\n");
        Files.createSymbolicLink(
                create(root.resolve("class/net").resolve(interfaceName)).resolve("device"), device);
        return device.resolve("phc_error_bound");
    }

    /** Adds a network interface with this description of its device. */
    Path uevent(String interfaceName, String text) throws IOException {
        Path device = create(root.resolve("class/net").resolve(interfaceName).resolve("device"));
        return Files.writeString(device.resolve("uevent"), text);
    }

    private static Path create(Path directory) {
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
