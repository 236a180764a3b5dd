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

    @Override
    public Instant convert(String text) {
        try {
            if (!text.matches("[0-9]{1,27}")) {
                return DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from);
            }
            BigInteger[] seconds = new BigInteger(text).divideAndRemainder(NANOS_PER_SECOND);
            return Instant.ofEpochSecond(seconds[0].longValueExact(), seconds[1].longValueExact());
        } catch (DateTimeException | ArithmeticException e) {
            throw new TypeConversionException("'" + text + "' must be nanoseconds since the Unix epoch, or ISO 8601"
                    + " with an offset, such as 2026-11-23T08:38:37.5Z");
        }
    }
}
