/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Datagram sockets of junixsocket, a library that is optional, and stream sockets of the JDK, which need no library. */
final class JunixSockets implements NativeSockets {

    @Override
    public String name() {
        return NativeChoice.junixsocket.name();
    }

    @Override
    public void load() throws IOException {
        try {
            JunixServerSocket.load();
        } catch (LinkageError e) {
            throw unusable(e);
        }
    }

    @Override
    public NativeBytes allocate(int capacity) {
        return new NativeBytes(ByteBuffer.allocateDirect(capacity), 0);
    }

    @Override
    public DatagramServerSocket bind(Path path, int maxSendBufferBytes) throws IOException {
        try {
            return JunixServerSocket.bind(path, JunixCalls.link(), maxSendBufferBytes);
        } catch (LinkageError e) {
            throw unusable(e);
        }
    }

    @Override
    public StreamServerSocket listen(Path path, int backlog) throws IOException {
        return ChannelStreamServerSocket.bind(path, backlog);
    }

    @Override
    public UnixDatagramSocket open() throws IOException {
        try {
            return JunixSocket.open();
        } catch (LinkageError e) {
            throw unusable(e);
        }
    }

    @Override
    public boolean isServed(Path path) {
        try {
            return JunixServerSocket.isServed(path);
        } catch (LinkageError e) {
            return false; // without junixsocket no datagrams are served; who wants to serve them reports it
        }
    }

    /** Returns an exception that says why junixsocket cannot be used, and the remedy. */
    private static IOException unusable(LinkageError failure) {
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
                "junixsocket, which this socket needs, is missing: add the dependency"
                        + " com.kohlschutter.junixsocket:junixsocket-core of type pom; on a module path also the option"
                        + " --add-modules org.newsclub.net.unix,com.kohlschutter.junixsocket.nativecommon",
                failure);
    }
}
