/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.doctor;

import io.clockbound.chrony.ChronySource;
import io.clockbound.chrony.ChronyState;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Clocks of this host that chronyd takes as free of error. */
final class ReferenceClockChecks {

    private static final String ENA = "/sys/bus/pci/drivers/ena";

    private ReferenceClockChecks() {}

    static List<Finding> error(Machine machine) throws IOException {
        ChronyState state = machine.chronyd().orElse(null);
        if (state == null || !state.reference().isReferenceClock()) {
            return List.of();
        }
        String name = state.reference().toString();
        boolean isTold = cards(machine).stream().anyMatch(card -> Files.exists(card.resolve("phc_error_bound")));
        if ("true".equals(machine.reported("is_trusted")) || isTold) {
            return List.of(Finding.fine(
                    "reference-clock",
                    "chronyd follows the reference clock " + name + ", whose error "
                            + (isTold ? "its driver reports." : "the daemon is told.")));
        }
        return List.of(Finding.fault(
                "reference-clock-error-unknown",
                "chronyd follows the reference clock " + name + " and takes it for free of error; no driver here"
                        + " reports the error (phc_error_bound).",
                "There is none until the error is known.",
                "reference-error = " + name + "=400us in clockboundd.conf, with an honest number; on EC2 Amazon's own"
                        + " ENA driver with phc_enable=1"));
    }

    static List<Finding> ena(Machine machine) throws IOException {
        List<Path> inTree = cards(machine).stream()
                .filter(card -> Files.exists(card.resolve("ptp")))
                .filter(card -> Files.notExists(card.resolve("phc_error_bound")))
                .toList();
        if (inTree.isEmpty()) {
            return List.of();
        }
        String names =
                inTree.stream().map(card -> card.getFileName().toString()).collect(Collectors.joining(", "));
        String clocks = machine.chronyd().stream()
                .flatMap(state -> state.sources().stream())
                .filter(ChronySource::isReferenceClock)
                .map(ChronySource::name)
                .collect(Collectors.joining(", "));
        return List.of(Finding.warning(
                "ena-driver-in-tree",
                "The ENA driver that comes with Linux drives " + names + ": it has the hardware clock and does not"
                        + " report its error.",
                "There is none while chronyd follows that clock"
                        + (clocks.isEmpty() ? "." : " (it has " + clocks + ")."),
                "Install Amazon's own driver (amzn-drivers, module ena with phc_enable=1), or state the error:"
                        + " reference-error = PHC0=400us in clockboundd.conf"));
    }

    private static List<Path> cards(Machine machine) throws IOException {
        List<Path> cards = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(machine.file(ENA), "*:*")) {
            all.forEach(cards::add);
        } catch (NoSuchFileException e) {
            return List.of(); // no such card
        }
        return cards;
    }
}
