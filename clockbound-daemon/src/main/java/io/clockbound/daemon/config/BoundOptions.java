/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.config;

import io.clockbound.BoundSettings;
import io.clockbound.BoundSettings.ClockDiscipline;
import io.clockbound.spi.ReferenceId;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that the bound rests on. */
final class BoundOptions {

    /** Linux corrects a frequency by 500 ppm at most; an oscillator that errs by twice as much cannot be disciplined. */
    private static final int WORST_OSCILLATOR_PPB = 1_000_000;

    private static final String USUAL_PPM = BigDecimal.valueOf(BoundSettings.DEFAULTS.maxClockErrorPpb(), 3)
            .stripTrailingZeros()
            .toPlainString();
    private static final Duration LONGEST_USUAL_POLL = Duration.ofSeconds(5);

    @Option(
            names = {"-e", "--max_clock_error"},
            paramLabel = "PPM",
            description =
                    "How far the oscillator's frequency can be from chronyd's estimate; the guarantee rests on it."
                            + " Default: ${DEFAULT-VALUE}.")
    private String maxClockErrorPpm = USUAL_PPM;

    @Option(
            names = "--reference-error",
            paramLabel = "ID=TIME",
            split = "\\s+",
            hideParamSyntax = true,
            description =
                    "Maximum error of the reference clock that chronyd calls ID, including the noise of a sample, such"
                            + " as PHC0=400us; a reference clock whose error is not known is not trusted.")
    private List<String> referenceErrors = List.of();

    @Option(
            names = "--clock",
            paramLabel = "KIND",
            description =
                    "Whether chronyd sets the clock: disciplined, undisciplined (chronyd runs with -x), or auto, which"
                            + " decides from its replies. Default: ${DEFAULT-VALUE}.")
    private String discipline = "auto";

    @Option(
            names = "--max-slew-rate",
            paramLabel = "PPM",
            description = "chrony's maxslewrate: with it, the bound covers a slew that begins between two polls.")
    @Nullable
    private String maxSlewRatePpm;

    @Option(
            names = "--poll-interval",
            paramLabel = "TIME",
            defaultValue = "100ms",
            converter = DurationText.class,
            description = "Time between two polls of the time source, 100ms to 60s. Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Duration pollInterval;

    @Option(
            names = "--holdover",
            paramLabel = "TIME",
            defaultValue = "1000s",
            converter = DurationText.class,
            description = "How long to trust a source that replies but has lost its reference, 1s to 24h."
                    + " Default: ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Duration holdover;

    @Option(
            names = "--allow-local-reference",
            arity = "0..1",
            fallbackValue = "true", // otherwise picocli negates the value in the file
            paramLabel = "true|false",
            description = "Trust chronyd's local mode, which says nothing of true time: for closed networks and tests.")
    private boolean isLocalReferenceAllowed;

    @Option(
            names = "--allow-estimate",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description =
                    "Trust chronyd's estimate where it reports no measurement: the bound then holds only while the"
                            + " oscillator's frequency and chronyd's sources stay as they are.")
    private boolean isEstimateAllowed;

    /**
     * Returns the settings that these options describe.
     *
     * @throws IllegalArgumentException when a value is out of its range
     */
    BoundSettings settings() {
        BoundSettings bound = BoundSettings.DEFAULTS
                .withMaxClockErrorPpb(maxClockError().ppb())
                .withPollInterval(inRange("poll-interval", pollInterval, "100ms", "60s"))
                .withHoldover(inRange("holdover", holdover, "1s", "24h"))
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

    private static Duration inRange(String option, Duration value, String min, String max) {
        if (value.compareTo(DurationText.parse(min)) < 0 || value.compareTo(DurationText.parse(max)) > 0) {
            throw new IllegalArgumentException(
                    option + " is " + DurationText.of(value.toNanos()) + "; it must be " + min + " to " + max);
        }
        return value;
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
            ReferenceId clock = ReferenceId.ofClock(text.substring(0, equals));
            if (bound.referenceErrors().containsKey(clock)) {
                throw new IllegalArgumentException("reference-error of " + clock + " is given twice; keep one");
            }
            return bound.withReferenceError(clock, inRange("reference-error of " + clock, error, "0s", "24h"));
        } catch (TypeConversionException e) {
            throw new IllegalArgumentException("reference-error '" + text + "': " + e.getMessage(), e);
        }
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

    /** Returns what is allowed but deserves attention. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (maxClockError().ppb() < BoundSettings.DEFAULTS.maxClockErrorPpb()) {
            warnings.add(
                    "max_clock_error is " + maxClockErrorPpm + " ppm: few oscillators are that good, and the bound is"
                            + " only as right as this number; " + USUAL_PPM + " is the default, 50 a common choice");
        }
        if (maxClockError().ppb() > WORST_OSCILLATOR_PPB) {
            warnings.add(
                    "max_clock_error is " + maxClockErrorPpm + " ppm: an oscillator that bad cannot be disciplined, and"
                            + " the bound grows by as much; " + USUAL_PPM + " is the default, 50 a common choice");
        }
        if (pollInterval.compareTo(LONGEST_USUAL_POLL) > 0) {
            warnings.add("poll-interval is over 5s: between two polls the clock will read as free running");
        }
        if (isLocalReferenceAllowed) {
            warnings.add("allow-local-reference is set: when chronyd follows nothing but its own clock, the interval"
                    + " contains that clock's time, not true time");
        }
        if (isEstimateAllowed) {
            warnings.add(
                    "allow-estimate is set: where chronyd reports no measurement, the interval may miss true time when"
                            + " the oscillator's frequency or chronyd's sources change");
        }
        return warnings;
    }
}
