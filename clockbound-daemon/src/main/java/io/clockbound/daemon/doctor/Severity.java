/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.doctor;

/** How bad a finding is for the bound; the worst comes first. */
public enum Severity {
    /** There is no bound, or it may miss true time. */
    FAULT(3),
    /** The bound is wider than it need be, or trust may end, or a bound may be wrong in a case that has not come. */
    WARNING(1),
    /** Worth knowing; nothing has to be mended. */
    NOTE(0),
    /** In order. */
    FINE(0);

    private final int exitCode;

    Severity(int exitCode) {
        this.exitCode = exitCode;
    }

    /** Returns the exit code of a program whose worst finding this is. */
    public int exitCode() {
        return exitCode;
    }
}
