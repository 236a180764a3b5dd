/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Recorded messages, kept on the class path as plain hexadecimal text. */
public final class HexVectors {

    private HexVectors() {}

    /**
     * Returns the bytes that a resource spells; white space and lines that start with {@code #} are left out.
     *
     * @param resource absolute name, such as {@code /vectors/04-tracking.rpy.hex}
     * @throws IllegalArgumentException when there is no such resource, or it holds anything but pairs of digits
     */
    public static byte[] bytes(String resource) {
        try (InputStream in = HexVectors.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("no resource " + resource + " on the class path");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return HexFormat.of().parseHex(text.replaceAll("(?m)^#.*$", "").replaceAll("\\s", ""));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
    }
}
