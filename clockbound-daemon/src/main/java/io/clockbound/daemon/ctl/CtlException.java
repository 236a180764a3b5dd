/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import io.clockbound.ClockNotTrustedException;
import io.clockbound.ClockStatus;
import io.clockbound.daemon.ExitCode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Why a command ends without an answer: the message says what is wrong and what mends it. */
final class CtlException extends IOException {

    private static final long serialVersionUID = 1;

    private final int exitCode;
    private final String status;

    CtlException(int exitCode, String message) {
        this(exitCode, message, "");
    }

    private CtlException(int exitCode, String message, String status) {
        super(message);
        this.exitCode = exitCode;
        this.status = status;
    }

    /** The clock of a daemon that answers is not trusted. */
    static CtlException notTrusted(String status, String reason) {
        return new CtlException(ExitCode.NOT_TRUSTED, "not trusted, status " + status + ": " + reason, status);
    }

    /** Returns the same with a text in front of the message. */
    CtlException after(String text) {
        return new CtlException(exitCode, text + getMessage(), status);
    }

    int exitCode() {
        return exitCode;
    }

    /** Returns the members of the JSON object of a reading that is not trusted. */
    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("status", status.isEmpty() ? ClockStatus.UNKNOWN.name() : status);
        fields.put("is_trusted", false);
        fields.put("why", getMessage());
        return fields;
    }

    /** Returns the members of the JSON object that reports a failure. */
    static Map<String, Object> fields(Exception failure, int exitCode) {
        Map<String, Object> fields = new LinkedHashMap<>();
        if (failure instanceof CtlException known && !known.status.isEmpty()) {
            fields.put("status", known.status);
        }
        boolean isOfClock = failure instanceof CtlException known
                ? known.exitCode == ExitCode.NOT_TRUSTED || known.exitCode == ExitCode.NO_DAEMON
                : failure instanceof ClockNotTrustedException;
        if (isOfClock) {
            fields.put("is_trusted", false);
        }
        fields.put("error", failure.getMessage());
        fields.put("exit_code", exitCode);
        return fields;
    }
}
