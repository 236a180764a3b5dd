/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clockbound.chrony.testing.TestChronyd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What these tests need of the machine; where it is missing they are skipped, or fail when they are required. */
public final class Prerequisites {

    private Prerequisites() {}

    public static void require() {
        require(TestChronyd.isInstalled(), "chronyd and chronyc are not on this machine: install the package chrony");
        require(
                Files.isExecutable(launcher()),
                launcher() + " is missing: package the module 'distribution', or set clockbound.distribution");
    }

    /** What it takes to run other people's programs. */
    public static void requireInterop() {
        for (String program : List.of("cargo", "gcc", "socat", "ip", "unshare", "nsenter")) {
            require(Programs.find(program).isPresent(), program + " is not on this machine");
        }
        require(Seclusion.isAllowed(), "namespaces cannot be made: run the tests as root, where unshare is allowed");
    }

    /** Returns the launcher of the daemon in the unpacked distribution. */
    public static Path launcher() {
        return home().resolve("bin/clockboundd");
    }

    /** Returns the unpacked distribution. */
    public static Path home() {
        return Path.of(System.getProperty("clockbound.distribution", "distribution"))
                .toAbsolutePath()
                .normalize();
    }

    /** Skips the tests unless something is present, or fails them when they are required. */
    public static void require(boolean isPresent, String otherwise) {
        if (Boolean.getBoolean("clockbound.it.required")) {
            assertTrue(isPresent, otherwise);
            return;
        }
        assumeTrue(isPresent, otherwise);
    }
}
