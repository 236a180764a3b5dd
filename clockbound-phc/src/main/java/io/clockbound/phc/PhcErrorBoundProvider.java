/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.phc;

import io.clockbound.spi.ErrorBoundProvider;
import io.clockbound.spi.ReferenceId;
import io.clockbound.spi.Services;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads the error of a PTP hardware clock from sysfs, where the driver of the network card shows it: on Amazon EC2, the
 * ENA driver.
 *
 * <p>Its settings:
 *
 * <ul>
 *   <li>{@code reference-id}: the name under which chronyd knows the clock ({@code refid} of its {@code refclock}), 1 to
 *       4 ASCII characters. Clocks whose name starts with PHC are known without it. Without it, a clock for which no driver
 *       shows a bound is of another kind, and this provider knows nothing of it; with it, that is a failure.
 *   <li>{@code interface}: the network interface whose card has the clock; {@code auto}, the default, takes the largest
 *       bound of all cards that show one, as does a clock whose name is not the {@code reference-id}.
 *   <li>{@code sysfs}: where sysfs is mounted, {@code /sys} by default.
 * </ul>
 */
public final class PhcErrorBoundProvider implements ErrorBoundProvider {

    private static final String NAME = "phc";
    private static final String REFERENCE_ID = "reference-id";
    private static final String INTERFACE = "interface";
    private static final String SYSFS = "sysfs";
    private static final String AUTO = "auto";

    private final @Nullable ReferenceId configured;
    private final String interfaceName;
    private final Sysfs sysfs;

    /** Where {@code auto} ever found a bound: a card that is gone may still be the clock that chronyd follows. */
    private final SortedSet<Path> found = new TreeSet<>();

    /** Creates a provider for clocks named PHC, of any interface. */
    public PhcErrorBoundProvider() {
        this(null, AUTO, new Sysfs(Path.of("/sys")));
    }

    private PhcErrorBoundProvider(@Nullable ReferenceId configured, String interfaceName, Sysfs sysfs) {
        this.configured = configured;
        this.interfaceName = interfaceName;
        this.sysfs = sysfs;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public PhcErrorBoundProvider with(Map<String, String> settings) {
        Services.requireKnown(NAME, settings, List.of(REFERENCE_ID, INTERFACE, SYSFS));
        String clock = settings.get(REFERENCE_ID);
        return new PhcErrorBoundProvider(
                clock == null ? configured : ReferenceId.ofClock(clock),
                requireInterface(settings.getOrDefault(INTERFACE, interfaceName)),
                new Sysfs(requireAbsolute(
                        settings.getOrDefault(SYSFS, sysfs.root().toString()))));
    }

    @Override
    public OptionalLong errorNanos(ReferenceId reference) throws IOException {
        if (!isAskedFor(reference)) {
            return OptionalLong.empty();
        }
        boolean isOfThatInterface = configured == null || reference.equals(configured);
        if (!interfaceName.equals(AUTO) && isOfThatInterface) {
            return OptionalLong.of(Sysfs.errorBoundNanos(sysfs.errorBoundFile(interfaceName)));
        }
        found.addAll(sysfs.errorBoundFiles());
        if (found.isEmpty() && configured != null) {
            throw new IOException("no PCI device of " + sysfs.root() + " has a phc_error_bound for the reference clock "
                    + reference + "; load the ENA driver with phc_enable=1, or leave out '" + REFERENCE_ID
                    + "' if this is another kind of clock");
        }
        OptionalLong largest = OptionalLong.empty();
        for (Path file : found) { // chronyd may use any of them
            long nanos = Sysfs.errorBoundNanos(file);
            largest = OptionalLong.of(Math.max(nanos, largest.orElse(0)));
        }
        return largest;
    }

    @Override
    public List<String> problems() {
        if (interfaceName.equals(AUTO)) {
            return List.of();
        }
        try {
            Sysfs.errorBoundNanos(sysfs.errorBoundFile(interfaceName));
            return List.of();
        } catch (IOException e) {
            return List.of("interface '" + interfaceName + "': " + e.getMessage());
        }
    }

    /** A clock named PHC is covered even when another is configured: otherwise its error would count as 0. */
    private boolean isAskedFor(ReferenceId reference) {
        return reference.equals(configured)
                || (reference.isReferenceClock() && reference.toString().startsWith("PHC"));
    }

    private static String requireInterface(String name) {
        if (!name.matches("[!-~&&[^/:]]{1,15}") || name.equals(".") || name.equals("..")) {
            throw new IllegalArgumentException(
                    "interface '" + name + "' must be the name of a network interface, 1 to 15"
                            + " ASCII characters without / and :, such as ens5, or " + AUTO);
        }
        return name;
    }

    private static Path requireAbsolute(String root) {
        Path path = Path.of(root);
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException("sysfs '" + root + "' must be an absolute path, such as /sys");
        }
        return path;
    }
}
