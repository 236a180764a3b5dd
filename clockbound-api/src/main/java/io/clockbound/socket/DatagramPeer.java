/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The name of a client's socket as the kernel writes and reads it ({@code struct sockaddr_un}), and its length.
 *
 * <p>It is changed in place, so that a request allocates nothing. With junixsocket, which does not return the length, a name in
 * the abstract namespace that ends in zeros cannot be distinguished from a shorter one.
 */
public final class DatagramPeer {

    /** The size of {@code struct sockaddr_storage}, for which junixsocket needs room. */
    private static final int STORAGE_BYTES = 128;

    private static final int FAMILY_BYTES = 2;
    private static final int MAX_BYTES = FAMILY_BYTES + 108;

    private static final long LOW_BITS = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = LOW_BITS << 7;

    private final ByteBuffer bytes;
    private final NativeBytes memory;

    /** The memory of the length as the kernel writes it, behind that of the name. */
    private final ByteBuffer lengthBytes;

    private int length;

    /** Creates one for these sockets, without a name. */
    public DatagramPeer(NativeSockets sockets) {
        memory = sockets.allocate(STORAGE_BYTES + Integer.BYTES);
        bytes = memory.bytes().slice(0, STORAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        lengthBytes = memory.bytes().slice(STORAGE_BYTES, Integer.BYTES).order(ByteOrder.nativeOrder());
    }

    /** Returns the memory of the name. */
    ByteBuffer bytes() {
        return bytes;
    }

    /** Returns the length of the name in bytes; 0 when the socket has no name. */
    int length() {
        return length;
    }

    /** Tells whether the socket has no name. */
    public boolean isEmpty() {
        return length == 0;
    }

    /** Returns the memory of the name as the kernel's calls take it. */
    NativeBytes memory() {
        return memory;
    }

    /** Returns the address of the name. */
    long address() {
        return memory.address();
    }

    /** Returns the address of its length, an int of the machine. */
    long lengthAddress() {
        return memory.address() + STORAGE_BYTES;
    }

    /** Says how long a name may be, where the kernel will say how long it is. */
    void makeRoom() {
        writeLength(MAX_BYTES);
    }

    void writeLength(int written) {
        lengthBytes.putInt(0, written);
    }

    /** Takes over the length that the kernel wrote: that of the name, of which it wrote what there was room for. */
    void received() {
        int written = Math.min(lengthBytes.getInt(0), MAX_BYTES);
        length = written > FAMILY_BYTES ? written : 0;
    }

    /** Determines the length of the name that was written into {@link #bytes}, followed by zeros. */
    void measure() {
        boolean isPath = bytes.get(FAMILY_BYTES) != 0;
        int end = isPath ? endOfPath() : endOfAll();
        length = end > FAMILY_BYTES ? end : 0;
    }

    /** Returns the end of a path, including its terminating zero if there is room for one; reads eight bytes at a time. */
    private int endOfPath() {
        int offset = FAMILY_BYTES;
        long zeros = 0;
        while (zeros == 0 && offset < MAX_BYTES) {
            long word = bytes.getLong(offset);
            zeros = (word - LOW_BITS) & ~word & HIGH_BITS; // the lowest bit of it belongs to the first byte that is 0
            offset += zeros == 0 ? Long.BYTES : Long.numberOfTrailingZeros(zeros) / Byte.SIZE + 1;
        }
        return Math.min(offset, MAX_BYTES);
    }

    private int endOfAll() {
        int end = MAX_BYTES;
        while (end > 0 && bytes.get(end - 1) == 0) {
            end--;
        }
        return end;
    }

    /** Sets a name that {@link #copy} returned. */
    public void set(byte[] name) {
        bytes.put(0, name);
        length = name.length;
    }

    /** Returns a copy of the name. */
    public byte[] copy() {
        byte[] name = new byte[length];
        bytes.get(0, name);
        return name;
    }

    /** Returns the name in the usual notation: a path, or {@code @} and a name in the abstract namespace. */
    @Override
    public String toString() {
        byte[] name = copy();
        if (length <= FAMILY_BYTES) {
            return "without a name";
        }
        boolean isPath = name[FAMILY_BYTES] != 0;
        int end = isPath && name[length - 1] == 0 ? length - 1 : length;
        int start = isPath ? FAMILY_BYTES : FAMILY_BYTES + 1;
        return (isPath ? "" : "@") + new String(Arrays.copyOfRange(name, start, end), StandardCharsets.UTF_8);
    }
}
