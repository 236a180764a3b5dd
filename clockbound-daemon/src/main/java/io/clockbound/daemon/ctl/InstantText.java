/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Instants as people and programs write them. */
final class InstantText implements ITypeConverter<Instant> {

    static final String DESCRIPTION =
            "Nanoseconds since the Unix epoch, or ISO 8601 with an offset, such as 2026-11-23T08:38:37.5Z.";

    private static final BigInteger NANOS_PER_SECOND = BigInteger.valueOf(1_000_000_000);
    private static final int DIGITS_OF_NANOS = 19;

    @Override
    public Instant convert(String text) {
        try {
            if (!text.matches("[0-9]{1,27}")) {
                return DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from);
            }
            // the present has this many digits in each unit
            switch (text.charAt(0) == '0' ? 0 : text.length()) {
                case 10 -> throw otherUnit(text, "seconds");
                case 13 -> throw otherUnit(text, "milliseconds");
                case 16 -> throw otherUnit(text, "microseconds");
                default -> {
                    return ofNanos(text);
                }
            }
        } catch (DateTimeException | ArithmeticException e) {
            throw new TypeConversionException("'" + text + "' must be nanoseconds since the Unix epoch, or ISO 8601"
                    + " with an offset, such as 2026-11-23T08:38:37.5Z");
        }
    }

    private static Instant ofNanos(String digits) {
        BigInteger[] seconds = new BigInteger(digits).divideAndRemainder(NANOS_PER_SECOND);
        return Instant.ofEpochSecond(seconds[0].longValueExact(), seconds[1].longValueExact());
    }

    private static TypeConversionException otherUnit(String text, String unit) {
        String nanos = text + "0".repeat(DIGITS_OF_NANOS - text.length());
        return new TypeConversionException(
                "'" + text + "' would be in January 1970, as nanoseconds since the Unix epoch;" + " if it is in " + unit
                        + ", write " + nanos + " or " + ofNanos(nanos));
    }
}
