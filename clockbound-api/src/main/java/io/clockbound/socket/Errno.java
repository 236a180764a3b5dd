/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import java.net.ConnectException;
import java.net.SocketException;

/** The errors of Linux's socket functions; a result that is an error is its number, negated. */
final class Errno {

    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int ENOMEM = 12;
    static final int ENOBUFS = 105;
    static final int ECONNREFUSED = 111;

    private Errno() {}

    /** Tells whether a result says that there is no room for a datagram now. */
    static boolean isNoRoom(long result) {
        return result == -EAGAIN || result == -ENOBUFS || result == -ENOMEM;
    }

    /** Returns a result, unless it is an error. */
    static int checked(int result) throws SocketException {
        if (result < 0) {
            throw failure(result);
        }
        return result;
    }

    /** Returns the exception for a result that is an error, whose message is the C library's. */
    static SocketException failure(long result) {
        int error = Math.toIntExact(-result);
        return error == ECONNREFUSED
                ? new ConnectException("Connection refused")
                : new SocketException(
                        switch (error) {
                            case 1 -> "Operation not permitted";
                            case 2 -> "No such file or directory";
                            case 9 -> "Bad file descriptor";
                            case ENOMEM -> "Cannot allocate memory";
                            case 13 -> "Permission denied";
                            case 20 -> "Not a directory";
                            case 23 -> "Too many open files in system";
                            case 24 -> "Too many open files";
                            case 28 -> "No space left on device";
                            case 30 -> "Read-only file system";
                            case 32 -> "Broken pipe";
                            case 36 -> "File name too long";
                            case 90 -> "Message too long";
                            case 91 -> "Protocol wrong type for socket";
                            case 97 -> "Address family not supported by protocol";
                            case 98 -> "Address already in use";
                            case 104 -> "Connection reset by peer";
                            case ENOBUFS -> "No buffer space available";
                            case 107 -> "Transport endpoint is not connected";
                            default -> "error " + error + " of the system (errno)";
                        });
    }
}
