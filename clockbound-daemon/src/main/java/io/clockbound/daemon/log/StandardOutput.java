/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Optional;

/**
 * Standard output, of which it is known whether the last write failed: a {@link PrintStream} tells nobody, and never again that
 * it works. Thread-safe.
 */
public final class StandardOutput extends OutputStream {

    private static volatile String failure = "";

    private final OutputStream out = new FileOutputStream(FileDescriptor.out);

    private StandardOutput() {}

    /** Has everything that this process prints go through one. */
    public static void install() {
        System.setOut(new PrintStream(new StandardOutput(), true, Charset.defaultCharset()));
    }

    /** Returns why the last line of the log is lost, and the remedy; empty when it is not. */
    public static Optional<String> problem() {
        String last = failure;
        return last.isEmpty()
                ? Optional.empty()
                : Optional.of("lines of the log are lost: standard output cannot be written (" + last
                        + "); make room where it goes, or restart clockboundd if its reader has ended");
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
            failure = "";
        } catch (IOException e) {
            failure = String.valueOf(e.getMessage());
            throw e;
        }
    }
}
