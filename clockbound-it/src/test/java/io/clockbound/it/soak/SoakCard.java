/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.soak;

import io.clockbound.BoundSettings;
import io.clockbound.BoundedClock;
import io.clockbound.EmbeddedClock;
import io.clockbound.LocalClock;
import io.clockbound.chrony.testing.TestChronyd;
import io.clockbound.it.LibraryClient;
import io.clockbound.it.truth.Observer;
import io.clockbound.it.truth.ReferenceClock;
import io.clockbound.it.truth.TrackingProbe;
import io.clockbound.spi.ErrorBoundProvider;
import io.clockbound.spi.Services;
import io.clockbound.spi.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A card with a hardware clock that is wrong by less than its driver says, a chronyd that follows it, and a clock beside that. True
 * time is the machine's wall clock here, which nobody bends.
 */
final class SoakCard implements AutoCloseable {

    private static final String DEVICE = "0000:00:05.0";

    private final Path bound;
    private final Path hidden;
    private final TestChronyd truth;
    private final TestChronyd chronyd;
    private final ReferenceClock card;
    private final BoundedClock clock;

    SoakCard(Path parent) throws IOException {
        Path directory = Files.createDirectory(parent.resolve("card"));
        Path sysfs = directory.resolve("sys");
        Path device = Files.createDirectories(sysfs.resolve("bus/pci/devices").resolve(DEVICE));
        Files.writeString(device.resolve("uevent"), "DRIVER=ena\nPCI_SLOT_NAME=" + DEVICE + "\n");
        Path network = Files.createDirectories(sysfs.resolve("class/net/eth9"));
        Files.createSymbolicLink(network.resolve("device"), device);
        bound = Files.writeString(device.resolve("phc_error_bound"), ReferenceClock.ERROR.toNanos() + "\n");
        hidden = device.resolve("hidden");
        Path samples = directory.resolve("clock");
        truth = TestChronyd.server();
        chronyd = TestChronyd.start(0, "refclock SOCK " + samples + " refid PHC0 poll 0 filter 4");
        card = new ReferenceClock(samples);
        card.start();
        ErrorBoundProvider driver =
                Services.named(ErrorBoundProvider.class, "phc").with(Map.of("sysfs", sysfs.toString()));
        clock = embedded(chronyd, List.of(driver), BoundSettings.DEFAULTS.maxClockErrorPpb());
    }

    /** Returns a clock in this process that asks a chronyd. */
    static BoundedClock embedded(TestChronyd chronyd, List<ErrorBoundProvider> providers, long maxClockErrorPpb) {
        EmbeddedClock embedded = new EmbeddedClock(
                LocalClock.system(),
                Services.named(TimeSource.class, "chrony").with(Map.of("address", chronyd.address())),
                providers,
                BoundSettings.DEFAULTS.withMaxClockErrorPpb(maxClockErrorPpb),
                poll -> {},
                Optional.empty());
        embedded.start();
        return embedded;
    }

    /** Reads the clock beside it all the while. */
    Observer observer() throws IOException {
        return new Observer(new LibraryClient(clock), TrackingProbe.of(truth), TrackingProbe.of(chronyd));
    }

    /** Takes away the file in which the driver says how wrong the hardware clock may be. */
    void hideBound() throws IOException {
        Files.move(bound, hidden, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Puts it back. */
    void showBound() throws IOException {
        Files.move(hidden, bound, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() {
        try {
            card.close();
        } catch (IOException e) {
            // it could tell nothing while its chronyd was gone
        }
        chronyd.close();
        truth.close();
    }
}
