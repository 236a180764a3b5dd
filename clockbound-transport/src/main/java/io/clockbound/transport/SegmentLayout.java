/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.VmClockCounters;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * A layout of the ClockBound shared-memory segments: encodes records to bytes and decodes them.
 *
 * <p>The tables are in {@code docs/PROTOCOL.md}. All buffers are in native byte order.
 */
enum SegmentLayout {
    /** The layout of ClockBound 1, without disruptions. */
    V1("shm", 1, 72, 72),
    /** The layout of ClockBound 2, followed by our extension. */
    V2("shm0", 2, SegmentExtension.OFFSET, SegmentExtension.END);

    /** The size of the largest segment that this program knows. */
    static final int MAX_BYTES = SegmentExtension.END;

    static final int HEADER_BYTES = 16;

    /** The offset of the as-of, by which readers notice a new record. */
    static final int AS_OF_SECONDS = 16;

    static final int AS_OF_NANOS = 24;

    private static final int MAGIC_0 = 0x414D5A4E;
    private static final int MAGIC_1 = 0x43420200;

    static final int SIZE = 8;
    private static final int VERSION = 12;
    private static final int VOID_AFTER = 32;
    private static final int BOUND = 48;
    private static final int V1_DRIFT = 56;
    private static final int V1_STATUS = 64;
    private static final int MARKER = 56;
    private static final int V2_DRIFT = 64;
    private static final int V2_STATUS = 68;
    private static final int HAS_VM_CLOCK = 72;

    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long MAX_SECONDS = Long.MAX_VALUE / NANOS_PER_SECOND;

    /**
     * The as-of is written this much too early. Clients of ClockBound 1 and 2 read {@code CLOCK_MONOTONIC_COARSE}: a record that
     * is 1 µs ahead of it is an error to them, and the bound does not grow by what it lags. It lags by one tick, at most 10 ms,
     * and by as long as the host keeps the virtual processor that counts the ticks waiting: 32 ms were seen on a busy machine.
     */
    private static final long COARSE_LAG_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /**
     * The bound of a record that is not trusted, 126 years: readers in C and Rust get an interval even then, and those that
     * ignore the status must not be able to conclude anything from it. Added to any time of this century, it fits 64 bits.
     */
    static final long UNTRUSTED_BOUND_NANOS = 4_000_000_000_000_000_000L;

    private final String fileName;
    private final short version;
    private final int minBytes;
    private final int bytes;

    SegmentLayout(String fileName, int version, int minBytes, int bytes) {
        this.fileName = fileName;
        this.version = (short) version;
        this.minBytes = minBytes;
        this.bytes = bytes;
    }

    /** Returns the name of the file that clients of this layout open. */
    String fileName() {
        return fileName;
    }

    /** Returns the size of a segment that this program writes. */
    int bytes() {
        return bytes;
    }

    /**
     * Returns the layout of a segment.
     *
     * @param segment at least the header
     * @param fileBytes the size of the file
     * @throws ProtocolException when the layout is unknown, or the size does not fit the layout or the file
     */
    static SegmentLayout of(ByteBuffer segment, long fileBytes) throws ProtocolException {
        if (segment.getInt(0) != MAGIC_0 || segment.getInt(4) != MAGIC_1) {
            throw new ProtocolException("it does not begin with the magic numbers of a ClockBound segment");
        }
        SegmentLayout layout = ofVersion(segment.getShort(VERSION));
        long named = size(segment);
        if (named < layout.minBytes || named > fileBytes) {
            throw new ProtocolException("its header gives a size of " + named + " bytes; layout " + layout.version
                    + " needs at least " + layout.minBytes + ", and the file has " + fileBytes);
        }
        return layout;
    }

    /** Returns the size in the header of a segment. */
    static long size(ByteBuffer segment) {
        return Integer.toUnsignedLong(segment.getInt(SIZE));
    }

    /** Returns the layout of a version: the low byte is the writer's, the high byte the minimum that a reader must know. */
    private static SegmentLayout ofVersion(short version) throws ProtocolException {
        int current = version & 0xff;
        int minimum = (version >> 8 & 0xff) == 0 ? current : version >> 8 & 0xff;
        if (current == V1.version) {
            return V1;
        }
        if (current >= V2.version && minimum <= V2.version) {
            return V2;
        }
        throw new ProtocolException("its layout is version " + current + ", for readers of version " + minimum
                + " and later; versions 1 and 2 are known");
    }

    /** Tells whether this program may go on writing into a segment: it has this layout and a known size. */
    boolean isContinuable(ByteBuffer header, long fileBytes) {
        try {
            boolean isKnownSize = size(header) == minBytes || size(header) == bytes;
            return of(header, fileBytes) == this && header.getShort(VERSION) == version && isKnownSize;
        } catch (ProtocolException e) {
            return false;
        }
    }

    /** Writes a header and keeps the generation. The version comes last: without it no reader continues. */
    void encodeHeader(ByteBuffer segment) {
        segment.putInt(0, MAGIC_0);
        segment.putInt(4, MAGIC_1);
        segment.putInt(SIZE, bytes);
        segment.putShort(VERSION, version);
    }

    /**
     * Encodes a record, which is everything after the header.
     *
     * @param isVmClockPublic whether clients of ClockBound 2 are told to compare the VMClock as well: they fail when they may
     *     not read it
     * @param record at least {@link #bytes} long; private memory
     */
    void encode(ClockErrorBound bound, boolean isVmClockPublic, ByteBuffer record) {
        ClockErrorBound shown = withoutUntrustedBound(bound);
        encodeTime(record, AS_OF_SECONDS, shown.asOfNanos() - COARSE_LAG_NANOS);
        encodeTime(record, VOID_AFTER, shown.voidAfterNanos());
        record.putLong(BOUND, shown.symmetricBoundNanos());
        switch (this) {
            case V1 -> {
                ClockStatus known = shown.status() == ClockStatus.DISRUPTED ? ClockStatus.UNKNOWN : shown.status();
                record.putInt(V1_DRIFT, shown.maxDriftPpb());
                record.putInt(V1_DRIFT + 4, 0);
                record.putInt(V1_STATUS, known.code());
                record.putInt(V1_STATUS + 4, 0);
            }
            case V2 -> {
                VmClockCounters vmClock = shown.vmClock();
                record.putLong(MARKER, vmClock == null ? 0 : vmClock.disruptionMarker());
                record.putInt(V2_DRIFT, shown.maxDriftPpb());
                record.putInt(V2_STATUS, shown.status().code());
                record.putLong(HAS_VM_CLOCK, 0); // and the padding
                record.put(HAS_VM_CLOCK, (byte) (vmClock != null && isVmClockPublic ? 1 : 0));
                SegmentExtension.encode(shown, record);
            }
        }
    }

    /** Replaces the bound of a record that is not trusted, and withdraws the trust from one that is too wide to encode. */
    private static ClockErrorBound withoutUntrustedBound(ClockErrorBound bound) {
        if (bound.status().isTrusted() && bound.symmetricBoundNanos() <= UNTRUSTED_BOUND_NANOS) {
            return bound;
        }
        return new ClockErrorBound(
                bound.asOfNanos(),
                bound.voidAfterNanos(),
                0,
                UNTRUSTED_BOUND_NANOS,
                bound.maxDriftPpb(),
                bound.status().isTrusted() ? ClockStatus.UNKNOWN : bound.status(),
                bound.witnessNanos(),
                bound.vmClock());
    }

    /**
     * Returns the record of a segment.
     *
     * @param copy private memory
     * @throws ProtocolException when a field is out of its range
     */
    SegmentRecord decode(ByteBuffer copy) throws ProtocolException {
        long asOf = decodeTime(copy, AS_OF_SECONDS);
        long voidAfter = decodeTime(copy, VOID_AFTER);
        int drift = copy.getInt(this == V1 ? V1_DRIFT : V2_DRIFT);
        if (drift < 0 || drift >= NANOS_PER_SECOND) {
            throw new ProtocolException("its drift of " + Integer.toUnsignedString(drift) + " ppb is not below 10⁹");
        }
        long bound = copy.getLong(BOUND);
        if (bound < 0) {
            throw new ProtocolException("its bound of " + bound + " ns is negative");
        }
        ClockStatus status = decodeStatus(copy.getInt(this == V1 ? V1_STATUS : V2_STATUS));
        VmClockCounters vmClock =
                this == V2 && copy.get(HAS_VM_CLOCK) != 0 ? new VmClockCounters(copy.getLong(MARKER), 0) : null;
        // other writers may publish a bound of 0
        ClockErrorBound plain = new ClockErrorBound(asOf, voidAfter, 0, Math.max(1, bound), drift, status, 0, vmClock);
        return this == V2 && SegmentExtension.isIn(copy)
                ? new SegmentRecord(SegmentExtension.decode(plain, copy.getLong(MARKER), copy), true)
                : new SegmentRecord(plain, false);
    }

    private static void encodeTime(ByteBuffer segment, int offset, long nanos) {
        segment.putLong(offset, Math.floorDiv(nanos, NANOS_PER_SECOND));
        segment.putLong(offset + 8, Math.floorMod(nanos, NANOS_PER_SECOND));
    }

    private static long decodeTime(ByteBuffer segment, int offset) throws ProtocolException {
        long seconds = segment.getLong(offset);
        long nanos = segment.getLong(offset + 8);
        // not so long ago that the time since then is beyond a long, and looks like a time to come
        boolean isInRange = -MAX_SECONDS / 2 < seconds && seconds < MAX_SECONDS;
        if (!isInRange || nanos < 0 || nanos >= NANOS_PER_SECOND) {
            throw new ProtocolException("its " + (offset == AS_OF_SECONDS ? "as-of" : "void-after") + " of " + seconds
                    + " s and " + nanos + " ns is not a valid time");
        }
        return seconds * NANOS_PER_SECOND + nanos;
    }

    private static ClockStatus decodeStatus(int code) throws ProtocolException {
        for (ClockStatus status : ClockStatus.values()) {
            if (status.code() == code) {
                return status;
            }
        }
        throw new ProtocolException("its clock status is " + code + "; 0 to 3 are known");
    }
}
