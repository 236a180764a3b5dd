/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import io.clockbound.socket.NativeChoice;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/** A Java runtime that is measured. */
record JavaRuntime(int version, Path home) {

    private static final int FIRST_WITH_VIRTUAL_THREADS = 21;
    private static final int FIRST_WITH_FOREIGN_FUNCTIONS = 22;

    /** Returns that of this process. */
    static JavaRuntime own() {
        return new JavaRuntime(Runtime.version().feature(), Path.of(System.getProperty("java.home")));
    }

    /** Returns the one that is installed in a directory. */
    static JavaRuntime in(Path home) throws IOException {
        Properties release = new Properties();
        try (Reader reader = Files.newBufferedReader(home.resolve("release"))) {
            release.load(reader);
        }
        String version = release.getProperty("JAVA_VERSION").replace("\"", "");
        return new JavaRuntime(Runtime.Version.parse(version).feature(), home);
    }

    /** Tells whether it can call the kernel by itself. */
    boolean hasForeignFunctions() {
        return version >= FIRST_WITH_FOREIGN_FUNCTIONS;
    }

    boolean hasVirtualThreads() {
        return version >= FIRST_WITH_VIRTUAL_THREADS;
    }

    List<Door> doors() {
        Door junixsocket = new Door(this, NativeChoice.junixsocket);
        return hasForeignFunctions() ? List.of(junixsocket, new Door(this, NativeChoice.ffm)) : List.of(junixsocket);
    }

    @Override
    public String toString() {
        return "Java " + version;
    }

    /** A runtime, and how a daemon on it calls the kernel for datagrams. */
    record Door(JavaRuntime runtime, NativeChoice choice) {

        boolean isForeign() {
            return choice == NativeChoice.ffm;
        }

        @Override
        public String toString() {
            return runtime + ", " + choice;
        }
    }
}
