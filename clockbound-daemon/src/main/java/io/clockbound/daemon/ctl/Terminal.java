/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a person looks on, and how to write where something stands already. */
final class Terminal {

    /** Goes to the start of the line and erases it (ECMA-48, EL). */
    static final String LINE_START = "\r\u001b[K";

    /** Cuts what is longer than the terminal is wide, until {@link #WRAP_LONG_LINES} (DEC's private mode 7). */
    static final String CUT_LONG_LINES = "\u001b[?7l";

    static final String WRAP_LONG_LINES = "\u001b[?7h";

    private Terminal() {}

    static boolean isStandardInput() {
        return isTerminal(0);
    }

    static boolean isStandardOutput() {
        return isTerminal(1);
    }

    static boolean isStandardError() {
        return isTerminal(2);
    }

    /** Looks at the file itself: System.console() asks for both input and output, and recent JDKs always return one. */
    private static boolean isTerminal(int descriptor) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString()
                    .matches("/dev/(pts/[0-9]+|tty.*|console)");
        } catch (IOException e) {
            return false;
        }
    }
}
