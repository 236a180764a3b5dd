/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

/** The exit codes of both programs. */
public final class ExitCode {

    /** The program did what it was asked to do, or the answer is yes. */
    public static final int OK = 0;

    /** It failed, or the answer is no. */
    public static final int FAILED = 1;

    /** The command line or the configuration is wrong. */
    public static final int USAGE = 2;

    /** The clock is not trusted, so that there is no answer. */
    public static final int NOT_TRUSTED = 3;

    /** No daemon answers, so that nothing is known of the clock. */
    public static final int NO_DAEMON = 4;

    private ExitCode() {}
}
