/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

/** The exit codes of both programs. */
public final class ExitCode {

    /** The program did what it was asked to do, or the response is yes. */
    public static final int OK = 0;

    /** It failed, or the response is no. */
    public static final int FAILED = 1;

    /** The command line or the configuration is wrong. */
    public static final int USAGE = 2;

    private ExitCode() {}
}
