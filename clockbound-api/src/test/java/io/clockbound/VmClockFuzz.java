/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import io.clockbound.testing.Demand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Whatever a VMClock page has, its counters are refused, or are the ones that stand there. */
public final class VmClockFuzz {

    private static final Path PAGE = page();
    private static final FileChannel CHANNEL = channel();
    private static final VmClock CLOCK = new VmClock(PAGE);

    private VmClockFuzz() {}

    /** Takes a page. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        CHANNEL.write(ByteBuffer.wrap(input), 0);
        CHANNEL.truncate(input.length);
        try {
            VmClockCounters counters = CLOCK.read();
            Demand.that(isPage(input), "only a page of version 1 that is not being updated is read");
            Demand.that(counters.equals(countersOf(input)), "its counters are the ones that stand there");
        } catch (IOException e) {
            Demand.that(!isPage(input), "a page of version 1 is not refused");
            Demand.that(String.valueOf(e.getMessage()).contains(PAGE.toString()), "a refusal names the page");
        }
    }

    private static boolean isPage(byte[] input) {
        if (input.length < 104) {
            return false;
        }
        ByteBuffer page = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
        return page.getInt(0) == 0x4B4C4356
                && size(page) >= 104
                && page.getShort(8) == 1
                && page.getInt(12) % 2 == 0
                && (!hasGeneration(page) || input.length >= 112);
    }

    private static VmClockCounters countersOf(byte[] input) {
        ByteBuffer page = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
        return new VmClockCounters(page.getLong(16), hasGeneration(page) ? page.getLong(0x68) : 0);
    }

    private static boolean hasGeneration(ByteBuffer page) {
        return (page.getLong(24) & 1 << 8) != 0 && size(page) >= 112;
    }

    private static long size(ByteBuffer page) {
        return Integer.toUnsignedLong(page.getInt(4));
    }

    private static Path page() {
        try {
            Path page = Files.createTempFile("vmclock-fuzz", null);
            page.toFile().deleteOnExit();
            return page;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileChannel channel() {
        try {
            return FileChannel.open(PAGE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
