/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.ClockErrorBound;
import io.clockbound.ClockStatus;
import io.clockbound.VmClockCounters;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * A layout of the ClockBound shared-memory segments: between bytes and records.
 *
 * <p>The tables are in {@code docs/PROTOCOL.md}. All buffers are in native byte order.
 */
enum SegmentLayout {
    /** What clients of ClockBound 1 map: no disruptions. */
    V1("shm", 1, 72, 72),
    /** What clients of ClockBound 2 map, and behind it our extension. */
    V2("shm0", 2, SegmentExtension.OFFSET, SegmentExtension.END);

    /** The largest segment that this program knows. */
    static final int MOST_BYTES = SegmentExtension.END;

    static final int HEADER_BYTES = 16;

    /** Where the as-of is, for those who only want to know whether it changed. */
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
    private static final long MOST_SECONDS = Long.MAX_VALUE / NANOS_PER_SECOND;

    /**
     * How much earlier than it is an as-of is written: a tick of the slowest kernel clock (100 Hz), for other readers look at
     * {@code CLOCK_MONOTONIC_COARSE} and refuse a record that is 1 µs ahead of it.
     */
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /**
     * The bound beside a status without trust, 126 years: readers in C and Rust get an interval even then, and it should say
     * nothing to those that forget the status. Around any time of this century it stays within 64 bits.
     */
    private static final long HARMLESS_BOUND_NANOS = 4_000_000_000_000_000_000L;

    private final String fileName;
    private final short version;
    private final int leastBytes;
    private final int bytes;

    SegmentLayout(String fileName, int version, int leastBytes, int bytes) {
        this.fileName = fileName;
        this.version = (short) version;
        this.leastBytes = leastBytes;
        this.bytes = bytes;
    }

    /** Returns the name of the file that clients of this layout look for. */
    String fileName() {
        return fileName;
    }

    /** Returns the size of a segment that this program writes. */
    int bytes() {
        return bytes;
    }

    /**
     * Returns the layout in which a segment can be read.
     *
     * @param segment at least the header
     * @param fileBytes the size of the file
     * @throws ProtocolException when it can't be read, or its size is not what it should be
     */
    static SegmentLayout of(ByteBuffer segment, long fileBytes) throws ProtocolException {
        if (segment.getInt(0) != MAGIC_0 || segment.getInt(4) != MAGIC_1) {
            throw new ProtocolException("it does not begin as a ClockBound segment");
        }
        SegmentLayout layout = ofVersion(segment.getShort(VERSION));
        long named = size(segment);
        if (named < layout.leastBytes || named > fileBytes) {
            throw new ProtocolException("its header names a size of " + named + " bytes; layout " + layout.version
                    + " has at least " + layout.leastBytes + ", the file " + fileBytes);
        }
        return layout;
    }

    /** Returns the size that the header of a segment names. */
    static long size(ByteBuffer segment) {
        return Integer.toUnsignedLong(segment.getInt(SIZE));
    }

    /** Finds the layout for a version: the low byte is the writer's, the high byte the least that a reader must know. */
    private static SegmentLayout ofVersion(short version) throws ProtocolException {
        int current = version & 0xff;
        int least = (version >> 8 & 0xff) == 0 ? current : version >> 8 & 0xff;
        if (current == V1.version) {
            return V1;
        }
        if (current >= V2.version && least <= V2.version) {
            return V2;
        }
        throw new ProtocolException(
                "its layout is version " + current + ", for readers of " + least + " and later; 1 and 2 are known");
    }

    /** Tells whether a segment of this layout is one that this program may go on writing. */
    boolean isContinuable(ByteBuffer header, long fileBytes) {
        try {
            boolean isKnownSize = size(header) == leastBytes || size(header) == bytes;
            return of(header, fileBytes) == this && header.getShort(VERSION) == version && isKnownSize;
        } catch (ProtocolException e) {
            return false;
        }
    }

    /** Writes a header; the generation stays. The version comes last: without it nobody reads on. */
    void encodeHeader(ByteBuffer segment) {
        segment.putInt(0, MAGIC_0);
        segment.putInt(4, MAGIC_1);
        segment.putInt(SIZE, bytes);
        segment.putShort(VERSION, version);
    }

    /**
     * Encodes a record, which is everything behind the header.
     *
     * @param isVmClockPublic whether clients of ClockBound 2 are told to compare the VMClock, too: they fail when they may
     *     not read it
     * @param record at least {@link #bytes} long, and nobody else's memory
     */
    void encode(ClockErrorBound bound, boolean isVmClockPublic, ByteBuffer record) {
        ClockErrorBound shown = harmless(bound);
        encodeTime(record, AS_OF_SECONDS, shown.asOfNanos() - TICK_NANOS);
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

    /** Returns a bound that says nothing to those that forget the status when there is no trust, or none is possible. */
    private static ClockErrorBound harmless(ClockErrorBound bound) {
        if (bound.status().isTrusted() && bound.symmetricBoundNanos() <= HARMLESS_BOUND_NANOS) {
            return bound;
        }
        return new ClockErrorBound(
                bound.asOfNanos(),
                bound.voidAfterNanos(),
                0,
                HARMLESS_BOUND_NANOS,
                bound.maxDriftPpb(),
                bound.status().isTrusted() ? ClockStatus.UNKNOWN : bound.status(),
                bound.witnessNanos(),
                bound.vmClock());
    }

    /**
     * Returns the record of a segment.
     *
     * @param copy nobody else's memory
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
        // others may publish a bound of 0
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
        boolean isInRange = -MOST_SECONDS < seconds && seconds < MOST_SECONDS;
        if (!isInRange || nanos < 0 || nanos >= NANOS_PER_SECOND) {
            throw new ProtocolException("its " + (offset == AS_OF_SECONDS ? "as-of" : "void-after") + " of " + seconds
                    + " s and " + nanos + " ns is no time");
        }
        return seconds * NANOS_PER_SECOND + nanos;
    }

    private static ClockStatus decodeStatus(int code) throws ProtocolException {
        for (ClockStatus status : ClockStatus.values()) {
            if (status.code() == code) {
                return status;
            }
        }
        throw new ProtocolException("its clock status is " + code + ", which has no meaning");
    }
}
