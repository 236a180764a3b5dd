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
            "Nanoseconds since the Unix epoch, until the year 2262, or ISO 8601 with an offset, such as"
                    + " 2026-11-23T08:38:37.5Z.";

    private static final BigInteger NANOS_PER_SECOND = BigInteger.valueOf(1_000_000_000);
    private static final BigInteger END_OF_YEARS_OF_FOUR_DIGITS =
            BigInteger.valueOf(253_402_300_800L).multiply(NANOS_PER_SECOND);
    private static final int DIGITS_OF_NANOS = 19;

    @Override
    public Instant convert(String text) {
        try {
            if (!text.matches("[0-9]+")) {
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
        } catch (DateTimeException e) {
            throw new TypeConversionException("'" + text + "' must be nanoseconds since the Unix epoch, or ISO 8601"
                    + " with an offset, such as 2026-11-23T08:38:37.5Z");
        }
    }

    private static Instant ofNanos(String digits) {
        BigInteger nanos = new BigInteger(digits);
        if (!fits(nanos)) {
            throw new TypeConversionException("'" + digits + "' must be 0 to " + Long.MAX_VALUE
                    + " nanoseconds since the Unix epoch, which is " + Instant.ofEpochSecond(0, Long.MAX_VALUE)
                    + "; write a later instant as ISO 8601" + example(nanos));
        }
        return instant(nanos);
    }

    /** Tells whether nanoseconds are what programs exchange here, 64 bits. */
    private static boolean fits(BigInteger nanos) {
        return nanos.bitLength() < Long.SIZE;
    }

    private static Instant instant(BigInteger nanos) {
        BigInteger[] seconds = nanos.divideAndRemainder(NANOS_PER_SECOND);
        return Instant.ofEpochSecond(seconds[0].longValueExact(), seconds[1].longValueExact());
    }

    private static String example(BigInteger nanos) {
        boolean hasFourDigits = nanos.compareTo(END_OF_YEARS_OF_FOUR_DIGITS) < 0;
        return hasFourDigits ? ", such as " + instant(nanos) : "";
    }

    private static TypeConversionException otherUnit(String text, String unit) {
        BigInteger nanos = new BigInteger(text + "0".repeat(DIGITS_OF_NANOS - text.length()));
        return new TypeConversionException(
                "'" + text + "' would be in January 1970, as nanoseconds since the Unix epoch;" + " if it is in " + unit
                        + ", write " + (fits(nanos) ? nanos + " or " : "") + instant(nanos));
    }
}
