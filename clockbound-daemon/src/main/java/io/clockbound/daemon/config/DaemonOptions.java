/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.config;

import io.clockbound.VmClock;
import io.clockbound.daemon.log.LogSettings;
import io.clockbound.spi.ErrorBoundProvider;
import io.clockbound.spi.ReferenceId;
import io.clockbound.spi.Services;
import io.clockbound.spi.TimeSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code clockboundd}, on the command line or in its file. */
@Command(
        name = "clockboundd",
        description = {
            "Serves an interval that contains true time, computed from chronyd's measurements of this clock.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:ended by SIGTERM or SIGINT, or the configuration is valid",
            "1:cannot serve: another daemon runs, or a socket cannot be made; --check-config: it would not be served here",
            "2:an option or the configuration file is wrong"
        })
final class DaemonOptions {

    static final String PHC_NEEDS_BOTH =
            "phc-ref-id and phc-interface need each other: give both, or neither to have them found";

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "Properties file with the long names of these options as keys; the command line wins."
                    + " Default: /etc/clockbound/clockboundd.conf if present.")
    @Nullable
    Path config;

    @Option(
            names = "--check-config",
            description =
                    "Check the options, the file, and what a start would find missing on this machine; report all that is wrong, and"
                            + " exit.")
    boolean isCheckOnly;

    @Option(
            names = "--print-config",
            description = "Print what each option is set to and where that comes from, and exit.")
    boolean isPrintOnly;

    @Mixin
    private final BoundOptions bound = new BoundOptions();

    @Option(
            names = {"-r", "--phc-ref-id"},
            paramLabel = "ID",
            description = "Reference id of the PTP hardware clock, as chronyd shows it; needs -i.")
    @Nullable
    String phcReferenceId;

    @Option(
            names = {"-i", "--phc-interface"},
            paramLabel = "IFACE",
            description = "Network interface with the PTP hardware clock; needs -r.")
    @Nullable
    String phcInterface;

    @Option(
            names = "--time-source",
            paramLabel = "NAME",
            description = "Name of an installed time source. Default: ${DEFAULT-VALUE}.")
    String timeSource = "chrony";

    @Option(
            names = "--time-source-option",
            paramLabel = "K=V",
            split = SettingText.BETWEEN,
            hideParamSyntax = true, // it would show the pattern of split
            description = "A setting of the time source; chrony has address=unix:PATH or HOST:PORT or a list of them."
                    + " Default: /run/chrony/chronyd.sock where accessible, then 127.0.0.1:323, then [::1]:323.")
    List<String> timeSourceOptions = List.of();

    @Option(
            names = "--vmclock",
            paramLabel = "auto|off|PATH",
            description = "The device through which the hypervisor reports migrations and restored snapshots; auto is"
                    + " /dev/vmclock0 where it can be read. Default: ${DEFAULT-VALUE}.")
    String vmClock = "auto";

    @Mixin
    private final TransportOptions transports = new TransportOptions();

    @Option(
            names = "--metrics-address",
            paramLabel = "HOST:PORT",
            description = "Serve /metrics for Prometheus, /healthz and /readyz there by HTTP; :PORT is on the loopback"
                    + " interface. Default: not served.")
    @Nullable
    String metricsAddress;

    @Option(
            names = {"-L", "--level"},
            paramLabel = "LEVEL",
            description = "Log level: 0 trace, 1 debug, 2 info, 3 warn, 4 error. Default: ${DEFAULT-VALUE}.")
    String level = "2";

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "Log format: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    LogSettings.Format logFormat = LogSettings.Format.text;

    /**
     * Returns the configuration that these options describe.
     *
     * @throws IllegalArgumentException when they contradict each other, or a value is out of its range
     */
    DaemonConfig toConfig() {
        return new DaemonConfig(
                new LogSettings(logLevel(), logFormat),
                bound.settings(),
                Services.named(TimeSource.class, timeSource)
                        .with(SettingText.parse("time-source-option", timeSourceOptions)),
                providers(),
                vmClock(),
                transports.chosen(),
                transports.areNamed(),
                Optional.ofNullable(metricsAddress).map(MetricsAddress::parse),
                warnings());
    }

    private Optional<VmClock> vmClock() {
        return switch (vmClock.strip()) {
            case "auto" -> VmClock.ofThisMachine();
            case "off" -> Optional.empty();
            default -> {
                if (!vmClock.startsWith("/")) {
                    throw new IllegalArgumentException("vmclock '" + vmClock
                            + "' must be auto, off, or the absolute path of a VMClock, such as " + VmClock.DEVICE);
                }
                yield Optional.of(new VmClock(Path.of(vmClock)));
            }
        };
    }

    private Level logLevel() {
        return switch (level.strip()) {
            case "0" -> Level.TRACE;
            case "1" -> Level.DEBUG;
            case "2" -> Level.INFO;
            case "3" -> Level.WARN;
            case "4" -> Level.ERROR;
            default ->
                throw new IllegalArgumentException(
                        "level '" + level + "' must be 0 (trace), 1 (debug), 2 (info), 3 (warn) or 4 (error)");
        };
    }

    private List<ErrorBoundProvider> providers() {
        if ((phcReferenceId == null) != (phcInterface == null)) {
            throw new IllegalArgumentException(PHC_NEEDS_BOTH);
        }
        List<ErrorBoundProvider> providers = new ArrayList<>(Services.all(ErrorBoundProvider.class));
        if (phcReferenceId != null && phcInterface != null) {
            String reference = phcReferenceId;
            String device = phcInterface;
            ReferenceId.ofClock(reference); // says what is wrong with it
            ErrorBoundProvider phc = Services.named(ErrorBoundProvider.class, "phc");
            providers.removeIf(provider -> provider.name().equals(phc.name()));
            providers.add(phc.with(Map.of("reference-id", reference, "interface", device)));
        }
        return providers;
    }

    private List<String> warnings() {
        List<String> warnings = new ArrayList<>(bound.warnings());
        VmClock device = new VmClock(VmClock.DEVICE);
        if (vmClock.strip().equals("auto")
                && device.isPresent()
                && VmClock.ofThisMachine().isEmpty()) {
            warnings.add(
                    "this user may not read " + device.path() + ", so that migrations and restored snapshots of this"
                            + " machine go unnoticed: chmod a+r " + device.path() + ", or set vmclock=off");
        }
        return warnings;
    }
}
