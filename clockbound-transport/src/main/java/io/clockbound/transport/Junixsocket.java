/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.io.IOException;

/** The library for Unix datagram sockets. It is optional: shared memory and stream sockets need only the JDK. */
final class Junixsocket {

    private Junixsocket() {}

    /** Returns an exception that says why junixsocket cannot be used, and the remedy. */
    static IOException unusable(LinkageError failure) {
        if (failure.getCause() instanceof ClassNotFoundException) {
            return missing(failure);
        }
        return new IOException(
                "junixsocket's native library cannot be loaded: it is unpacked into java.io.tmpdir, "
                        + System.getProperty("java.io.tmpdir") + ", which must be writable and not mounted noexec;"
                        + " choose another directory with -Djava.io.tmpdir=DIR",
                failure);
    }

    /** Returns an exception that says that junixsocket is missing, and the remedy. */
    static IOException missing(Throwable failure) {
        return new IOException(
                "junixsocket, which datagram sockets need, is missing: add the dependency"
                        + " com.kohlschutter.junixsocket:junixsocket-core of type pom; on a module path also the option"
                        + " --add-modules org.newsclub.net.unix,com.kohlschutter.junixsocket.nativecommon",
                failure);
    }
}
