/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.testing;

import io.clockbound.VmClockCounters;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A VMClock page in a file, which a test updates in place of a hypervisor. */
public final class FakeVmClock {

    private static final int MAGIC = 0x4B4C4356;

    private final Path path;
    private final ByteBuffer page;
    private int sequence;

    private FakeVmClock(Path path, ByteBuffer page) {
        this.path = path;
        this.page = page;
    }

    /** Makes a page of 112 bytes, with a generation counter. */
    public static FakeVmClock create(Path path, long marker, long generation) throws IOException {
        FakeVmClock clock = of(path, 112);
        clock.page.putLong(24, 1 << 8);
        clock.set(marker, generation);
        return clock;
    }

    /** Makes a page of 104 bytes, which has no generation counter. */
    public static FakeVmClock createWithoutGeneration(Path path, long marker) throws IOException {
        FakeVmClock clock = of(path, 104);
        clock.set(marker, 0);
        return clock;
    }

    private static FakeVmClock of(Path path, int bytes) {
        ByteBuffer page = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        page.putInt(0, MAGIC).putInt(4, bytes).putShort(8, (short) 1);
        return new FakeVmClock(path, page);
    }

    /** Updates the page. */
    public void set(long marker, long generation) throws IOException {
        sequence += 2;
        page.putInt(12, sequence).putLong(16, marker);
        if (page.capacity() >= 112) {
            page.putLong(0x68, generation);
        }
        write();
    }

    /** Updates the page. */
    public void set(VmClockCounters counters) throws IOException {
        set(counters.disruptionMarker(), counters.generation());
    }

    /** Begins an update that is not finished before the next. */
    public void beginUpdate() throws IOException {
        page.putInt(12, sequence + 1);
        write();
    }

    /** Returns its bytes, to be spoilt and then written. */
    public ByteBuffer bytes() {
        return page;
    }

    /** Writes the bytes into the file, which stays the same one. */
    public void write() throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(page.duplicate().clear(), 0);
        }
    }
}
