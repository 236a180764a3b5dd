/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/** How a process calls the kernel for Unix datagram sockets. */
public enum NativeChoice {

    /** By {@code java.lang.foreign} where the runtime has it, since Java 22, else by junixsocket. */
    auto,
    /** By {@code java.lang.foreign}. */
    ffm,
    /** By junixsocket. */
    junixsocket;

    /** The system property with the choice, for programs that embed a client. */
    public static final String PROPERTY = "clockbound.native";

    /** Returns what this runtime lacks for it, with the remedy; empty when it can be chosen. */
    public Optional<String> obstacle() {
        return this == ffm ? ForeignSockets.obstacle() : Optional.empty();
    }

    /** Loads what is chosen without an option, so that the first socket need not wait for that; fails in silence. */
    public static void preload() {
        try {
            ofProperty().sockets().load();
        } catch (IOException e) {
            // it comes again where a socket is opened
        }
    }

    /** Returns the choice of the system property; {@link #auto} without it. */
    static NativeChoice ofProperty() throws IOException {
        String value = System.getProperty(PROPERTY, auto.name());
        return Arrays.stream(values())
                .filter(choice -> choice.name().equals(value))
                .findFirst()
                .orElseThrow(() -> new IOException(
                        "system property " + PROPERTY + " is '" + value + "'; it must be auto, ffm or junixsocket"));
    }

    NativeSockets sockets() throws IOException {
        return switch (this) {
            case ffm -> ForeignSockets.link();
            case junixsocket -> new JunixSockets();
            case auto -> automatic();
        };
    }

    private static NativeSockets automatic() {
        if (ForeignSockets.obstacle().isPresent()) {
            return new JunixSockets();
        }
        try {
            return ForeignSockets.link();
        } catch (IOException e) {
            return new JunixSockets(); // native access is denied; junixsocket, which is as native, says so if it is too
        }
    }
}
