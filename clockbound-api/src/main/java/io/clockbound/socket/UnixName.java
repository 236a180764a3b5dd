/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The name of a Unix socket: a path, or a name in the abstract namespace, which has no file. Immutable. */
public final class UnixName {

    /** The room for a name in {@code struct sockaddr_un}. */
    static final int MAX_BYTES = 108;

    private final byte[] bytes;

    private UnixName(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Returns the name of a socket that has a file.
     *
     * @throws IOException when the path is longer than the kernel takes; the message has the limit
     */
    public static UnixName of(Path path) throws IOException {
        byte[] bytes = path.toString().getBytes(Charset.defaultCharset());
        if (bytes.length == 0 || bytes.length >= MAX_BYTES) {
            throw new IOException("socket path '" + path + "' has " + bytes.length + " bytes; it must have from 1 to "
                    + (MAX_BYTES - 1) + ": choose a shorter directory");
        }
        return new UnixName(bytes);
    }

    /**
     * Returns a name in the abstract namespace.
     *
     * @param name without the zero that distinguishes it from a path
     * @throws IOException when it is longer than the kernel takes; the message has the limit
     */
    public static UnixName inAbstractNamespace(String name) throws IOException {
        byte[] bytes = ("\0" + name).getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_BYTES) {
            throw new IOException("abstract socket name '" + name + "' has " + (bytes.length - 1)
                    + " bytes; it may have at most " + (MAX_BYTES - 1));
        }
        return new UnixName(bytes);
    }

    /** Returns the bytes of the name; the first of an abstract one is 0. */
    byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public String toString() {
        return new String(bytes, Charset.defaultCharset()).replace('\0', '@');
    }
}
