/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.config;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as people write them: a number and a unit, such as {@code 250ms}. */
public final class DurationText implements ITypeConverter<Duration> {

    private static final Pattern FORM = Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?([a-zµ]+)");
    private static final Map<String, Long> UNIT_NANOS = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "µs", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "min", 60_000_000_000L,
            "h", 3_600_000_000_000L,
            "d", 86_400_000_000_000L);

    @Override
    public Duration convert(String text) {
        try {
            return parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    /**
     * Returns a duration.
     *
     * @throws IllegalArgumentException when the text is none, or longer than 292 years
     */
    public static Duration parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        Long unitNanos = matcher.matches() ? UNIT_NANOS.get(matcher.group(2)) : null;
        if (unitNanos == null) {
            throw new IllegalArgumentException(
                    "'" + text + "' must be a number and a unit (ns, us, ms, s, m, h, d), such as 250ms or 1s");
        }
        try {
            return Duration.ofNanos(new BigDecimal(matcher.group(1))
                    .multiply(BigDecimal.valueOf(unitNanos))
                    .setScale(0, RoundingMode.HALF_UP)
                    .longValueExact());
        } catch (ArithmeticException e) {
            long hours = Duration.ofNanos(Long.MAX_VALUE).toHours();
            throw new IllegalArgumentException(
                    "'" + text + "' must be at most " + hours + "h (292 years): choose less", e);
        }
    }

    /** Returns a length of time with up to three digits, rounded away from zero, and the unit that fits it. */
    public static String of(long nanos) {
        BigDecimal rounded = BigDecimal.valueOf(nanos).round(new MathContext(3, RoundingMode.UP));
        Map.Entry<String, Long> unit = Stream.of("s", "ms", "µs")
                .map(name -> Map.entry(name, UNIT_NANOS.getOrDefault(name, 1L)))
                .filter(candidate -> rounded.abs().compareTo(BigDecimal.valueOf(candidate.getValue())) >= 0)
                .findFirst()
                .orElse(Map.entry("ns", 1L));
        BigDecimal value = rounded.divide(BigDecimal.valueOf(unit.getValue()), MathContext.DECIMAL64);
        return String.format(Locale.ROOT, "%s %s", value.toPlainString(), unit.getKey());
    }
}
