/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.config;

import io.clockbound.BoundSettings;
import io.clockbound.BoundSettings.ClockDiscipline;
import io.clockbound.VmClock;
import io.clockbound.daemon.log.LogSettings;
import io.clockbound.spi.ErrorBoundProvider;
import io.clockbound.spi.ReferenceId;
import io.clockbound.spi.Services;
import io.clockbound.spi.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of {@code clockboundd}, on the command line or in its file. */
@Command(
        name = "clockboundd",
        description = {
            "Answers between which two instants true time lies, from what chronyd knows of the clock's error.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:ended by SIGTERM or SIGINT, or the configuration is valid",
            "1:cannot serve: another daemon runs, or a socket cannot be made",
            "2:an option or the configuration file is wrong"
        })
final class DaemonOptions {

    private static final long USUAL_PPB = 15_000;
    private static final Duration LONGEST_USUAL_POLL = Duration.ofSeconds(5);

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "Properties file with the long names of these options as keys; the command line wins."
                    + " Default: /etc/clockbound/clockboundd.conf if present.")
    @Nullable
    Path config;

    @Option(names = "--check-config", description = "Check the options and the file, say what is wrong, start nothing.")
    boolean isCheckOnly;

    @Option(
            names = {"-e", "--max_clock_error"},
            paramLabel = "PPM",
            defaultValue = "15",
            description =
                    "Worst frequency error of the oscillator, beyond what chronyd has found; the guarantee rests on"
                            + " it. Default: ${DEFAULT-VALUE}.")
    String maxClockErrorPpm = "15";

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
            defaultValue = "chrony",
            description = "Whom to ask: an installed time source. Default: ${DEFAULT-VALUE}.")
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
            names = "--reference-error",
            paramLabel = "ID=TIME",
            split = "\\s+",
            hideParamSyntax = true,
            description =
                    "How far the reference clock that chronyd calls ID can be from true time, the noise of a sample"
                            + " included, such as PHC0=400us; where nobody else tells it, that clock is not trusted without.")
    List<String> referenceErrors = List.of();

    @Option(
            names = "--clock",
            paramLabel = "KIND",
            defaultValue = "auto",
            description =
                    "Whether chronyd sets the clock: disciplined, undisciplined (chronyd -x, containers), or auto: found"
                            + " out from its replies. Default: ${DEFAULT-VALUE}.")
    String discipline = "auto";

    @Option(
            names = "--max-slew-rate",
            paramLabel = "PPM",
            description = "chrony's maxslewrate: with it, the bound covers a slew that begins between two polls.")
    @Nullable
    String maxSlewRatePpm;

    @Option(
            names = "--vmclock",
            paramLabel = "auto|off|PATH",
            defaultValue = "auto",
            description =
                    "Where the hypervisor tells of moves and restored snapshots; auto watches /dev/vmclock0 where it can"
                            + " be read. Default: ${DEFAULT-VALUE}.")
    String vmClock = "auto";

    @Mixin
    private final TransportOptions transports = new TransportOptions();

    @Option(
            names = "--poll-interval",
            paramLabel = "TIME",
            defaultValue = "100ms",
            converter = DurationText.class,
            description = "Time between two polls of the time source, 100ms to 60s. Default: ${DEFAULT-VALUE}.")
    Duration pollInterval = Duration.ofMillis(100);

    @Option(
            names = "--holdover",
            paramLabel = "TIME",
            defaultValue = "1000s",
            converter = DurationText.class,
            description =
                    "How long a source is believed that answers but has lost its reference. Default: ${DEFAULT-VALUE}.")
    Duration holdover = Duration.ofSeconds(1000);

    @Option(
            names = "--allow-local-reference",
            arity = "0..1",
            fallbackValue = "true", // picocli would take the opposite of what the file says
            paramLabel = "true|false",
            description = "Trust chronyd's local mode, which says nothing of true time: for closed networks and tests.")
    boolean isLocalReferenceAllowed;

    @Option(
            names = "--allow-estimate",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description = "Trust chronyd's estimate where it tells no measurement: the bound then holds only while the"
                    + " oscillator's frequency and chronyd's sources stay as they are.")
    boolean isEstimateAllowed;

    @Option(
            names = {"-L", "--level"},
            paramLabel = "LEVEL",
            defaultValue = "2",
            description = "What to log: 0 trace, 1 debug, 2 info, 3 warn, 4 error. Default: ${DEFAULT-VALUE}.")
    String level = "2";

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "How to log: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    LogSettings.Format logFormat = LogSettings.Format.text;

    /**
     * Returns what these options say together.
     *
     * @throws IllegalArgumentException when they don't fit together, or a value is out of its range
     */
    DaemonConfig toConfig() {
        BoundSettings bound = bound();
        return new DaemonConfig(
                new LogSettings(logLevel(), logFormat),
                bound,
                Services.named(TimeSource.class, timeSource)
                        .with(SettingText.parse("time-source-option", timeSourceOptions)),
                providers(),
                vmClock(),
                transports.chosen(),
                transports.areNamed(),
                warnings());
    }

    private BoundSettings bound() {
        BoundSettings bound = BoundSettings.DEFAULTS
                .withMaxClockErrorPpb(maxClockError().ppb())
                .withPollInterval(pollInterval)
                .withHoldover(holdover)
                .withLocalReference(isLocalReferenceAllowed)
                .withEstimate(isEstimateAllowed)
                .withDiscipline(discipline());
        if (maxSlewRatePpm != null) {
            bound = bound.withMaxSlewRatePpb(
                    Ppm.parseSlewRate("max-slew-rate", maxSlewRatePpm).ppb());
        }
        for (String text : referenceErrors) {
            bound = withReferenceError(bound, text);
        }
        return bound;
    }

    private static BoundSettings withReferenceError(BoundSettings bound, String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException(
                    "reference-error '" + text + "' must be ID=TIME, such as PHC0=400us, the ID as chronyd shows it");
        }
        String time = text.substring(equals + 1);
        try {
            Duration error = time.equals("0") ? Duration.ZERO : new DurationText().convert(time);
            return bound.withReferenceError(ReferenceId.ofClock(text.substring(0, equals)), error);
        } catch (TypeConversionException e) {
            throw new IllegalArgumentException("reference-error '" + text + "': " + e.getMessage(), e);
        }
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

    private ClockDiscipline discipline() {
        return switch (discipline.strip()) {
            case "auto" -> ClockDiscipline.AUTO;
            case "disciplined" -> ClockDiscipline.DISCIPLINED;
            case "undisciplined" -> ClockDiscipline.UNDISCIPLINED;
            default ->
                throw new IllegalArgumentException(
                        "clock '" + discipline + "' must be auto, disciplined or undisciplined");
        };
    }

    private Ppm maxClockError() {
        return Ppm.parse("max_clock_error", maxClockErrorPpm);
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
            throw new IllegalArgumentException(
                    "phc-ref-id and phc-interface need each other: give both, or neither to have them found");
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
        List<String> warnings = new ArrayList<>();
        if (maxClockError().ppb() < USUAL_PPB) {
            warnings.add(
                    "max_clock_error is " + maxClockErrorPpm + " ppm: few oscillators are that good, and the bound is"
                            + " only as right as this number; 15 is the default, 50 a common choice");
        }
        if (pollInterval.compareTo(LONGEST_USUAL_POLL) > 0) {
            warnings.add("poll-interval is over 5s: between two polls the clock will read as free running");
        }
        if (isLocalReferenceAllowed) {
            warnings.add("allow-local-reference is set: when chronyd follows nothing but its own clock, the interval"
                    + " contains that clock's time, not true time");
        }
        VmClock device = new VmClock(VmClock.DEVICE);
        if (vmClock.strip().equals("auto")
                && device.isPresent()
                && VmClock.ofThisMachine().isEmpty()) {
            warnings.add(
                    device.path() + " may not be read by this user, so moves and restored snapshots of this machine go"
                            + " unseen: chmod a+r " + device.path() + ", or say vmclock=off");
        }
        if (isEstimateAllowed) {
            warnings.add(
                    "allow-estimate is set: where chronyd tells no measurement, the interval may miss true time when"
                            + " the oscillator's frequency or chronyd's sources change");
        }
        return warnings;
    }
}
