/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.LocalClock;
import java.io.IOException;
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

    /** Returns an exception that adds the name of this endpoint to the message. */
    IOException explain(IOException failure) {
        return new IOException(this + ": " + failure.getMessage(), failure);
    }

    @Override
    public String toString() {
        return switch (kind) {
            case STREAM -> "stream socket " + path;
            case DATAGRAM -> "datagram socket " + path;
        };
    }
}
