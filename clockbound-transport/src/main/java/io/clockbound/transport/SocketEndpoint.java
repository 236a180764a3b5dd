/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.LocalClock;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A socket at which a daemon may respond. */
record SocketEndpoint(Kind kind, Path path) {

    enum Kind {
        STREAM,
        DATAGRAM
    }

    /** Connects to it. */
    SocketLink open(LocalClock local) throws IOException {
        return switch (kind) {
            case STREAM -> StreamLink.open(path, local);
            case DATAGRAM -> DatagramLink.open(path, local);
        };
    }

    /** Returns an exception whose message has this endpoint, the failure, and what mends it. */
    IOException explain(IOException failure) {
        return new IOException(this + ": " + meaning(failure), failure);
    }

    /**
     * Returns the failure and what mends it. The file tells what happened: the texts of failures are those of the kernel, or of the
     * library that asked it.
     */
    String meaning(IOException failure) {
        if (failure instanceof InterruptedIOException) {
            return String.valueOf(
                    failure.getMessage()); // the time was up, by whose fault it says, or this thread was interrupted
        }
        if (Files.notExists(path)) {
            return "no such socket: start clockboundd, or name the directory of its --run-dir";
        }
        if (!Files.isWritable(path)) {
            return "permission denied: this user may not connect; clockboundd's --socket-mode and --socket-group say who may,"
                    + " and the modes of the directories above it";
        }
        return isRefused(failure)
                ? "connection refused: clockboundd ended without removing it; start clockboundd"
                : String.valueOf(failure.getMessage());
    }

    private static boolean isRefused(IOException failure) {
        return failure instanceof ConnectException
                || String.valueOf(failure.getMessage()).contains("Connection refused");
    }

    @Override
    public String toString() {
        return switch (kind) {
            case STREAM -> "stream socket " + path;
            case DATAGRAM -> "datagram socket " + path;
        };
    }
}
