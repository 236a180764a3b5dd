/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.phc;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The kernel's view of this host's devices, in which a driver shows the error bound of its clock as the file
 * {@code phc_error_bound} of the PCI device.
 *
 * @param root where it is mounted
 */
record Sysfs(Path root) {

    private static final String ERROR_BOUND = "phc_error_bound";

    /** The largest size of a file in sysfs. */
    private static final int MAX_OCTETS = 4096;

    /** The largest bound: the ENA driver shows the next number, 2^32 - 1, when it does not know the bound. */
    private static final BigDecimal MAX_BOUND_NANOS = BigDecimal.valueOf(0xFFFF_FFFEL);

    private static final String LEAVE_OUT =
            ", or leave it out (for clockboundd phc-ref-id and phc-interface) to have the card found";

    private static final String DRIVER_REMEDY =
            "if this lasts, load the ENA driver with phc_enable=1, see the kernel's log, or name another interface";

    /** Returns the file in which the driver of a network interface would show its bound. */
    Path errorBoundFile(String interfaceName) throws IOException {
        Path device = root.resolve("class/net").resolve(interfaceName);
        if (Files.notExists(device)) {
            throw new IOException(device + " does not exist; name an interface that is there" + LEAVE_OUT);
        }
        Path uevent = device.resolve("device/uevent");
        String remedy = "name an interface that is a PCI device" + LEAVE_OUT;
        String slot = read(uevent, remedy)
                .lines()
                .filter(line -> line.startsWith("PCI_SLOT_NAME="))
                .findFirst()
                .orElseThrow(() -> new IOException(uevent + " has no line PCI_SLOT_NAME; " + remedy))
                .substring("PCI_SLOT_NAME=".length());
        if (!slot.matches("[\\w:.]+") || slot.contains("..")) {
            throw new IOException(uevent + " has PCI_SLOT_NAME=" + printable(slot)
                    + ", not a PCI address such as 0000:00:05.0; " + remedy);
        }
        return devices().resolve(slot).resolve(ERROR_BOUND);
    }

    /** Returns the files in which drivers show a bound now. */
    SortedSet<Path> errorBoundFiles() throws IOException {
        SortedSet<Path> files = new TreeSet<>();
        if (Files.notExists(devices()) && Files.isDirectory(root.resolve("bus"))) {
            return files; // a host without a PCI bus
        }
        try (DirectoryStream<Path> devices = Files.newDirectoryStream(devices())) {
            for (Path device : devices) {
                Path file = device.resolve(ERROR_BOUND);
                if (!Files.notExists(file)) { // exists() is also false for a file that this user may not look at
                    files.add(file);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw new IOException(
                    devices()
                            + (Files.notExists(devices()) ? " does not exist" : " cannot be listed: " + e.getMessage())
                            + "; mount sysfs, or set 'sysfs' to where it is",
                    e);
        }
        return files;
    }

    /** Returns the bound that a driver shows, rounded up. */
    static long errorBoundNanos(Path file) throws IOException {
        String text = read(file, DRIVER_REMEDY).strip();
        if (text.matches("[0-9]+(\\.[0-9]+)?")) {
            BigDecimal nanos = new BigDecimal(text).setScale(0, RoundingMode.CEILING);
            if (nanos.compareTo(MAX_BOUND_NANOS) <= 0) {
                return nanos.longValueExact();
            }
        }
        throw new IOException(file + " has '" + printable(text) + "', not nanoseconds from 0 to " + MAX_BOUND_NANOS
                + "; " + DRIVER_REMEDY);
    }

    private Path devices() {
        return root.resolve("bus/pci/devices");
    }

    private static String read(Path file, String remedy) throws IOException {
        if (Files.notExists(file)) {
            throw new IOException(file + " does not exist; " + remedy);
        }
        if (!Files.isRegularFile(file)) { // opening a pipe could block for ever
            throw new IOException(file + " is not a regular file; " + remedy);
        }
        byte[] octets;
        try (InputStream in = Files.newInputStream(file)) {
            octets = in.readNBytes(MAX_OCTETS + 1);
        } catch (AccessDeniedException e) {
            throw new IOException(file + " cannot be read: permission denied; run as a user who may read it", e);
        } catch (IOException e) {
            throw new IOException(file + " cannot be read: " + e.getMessage() + "; " + remedy, e);
        }
        if (octets.length > MAX_OCTETS) {
            throw new IOException(file + " is longer than " + MAX_OCTETS + " bytes; " + remedy);
        }
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    /** Returns the first 40 characters, with those that are not printable replaced. */
    private static String printable(String text) {
        String start = text.length() > 40 ? text.substring(0, 40) + "..." : text;
        return start.replaceAll("[^ -~]", "?");
    }
}
