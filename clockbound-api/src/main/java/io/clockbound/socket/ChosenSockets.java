/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The way into the kernel of this process: one that is chosen stays. Thread-safe. */
final class ChosenSockets {

    private static @Nullable NativeChoice choice;
    private static volatile @Nullable NativeSockets sockets;

    private ChosenSockets() {}

    static synchronized void choose(NativeChoice chosen) {
        if (choice == null) {
            choice = chosen;
        }
    }

    static NativeSockets get() throws IOException {
        NativeSockets known = sockets;
        return known == null ? make() : known;
    }

    private static synchronized NativeSockets make() throws IOException {
        NativeSockets known = sockets;
        if (known == null) {
            known = (choice == null ? NativeChoice.ofProperty() : choice).sockets();
            sockets = known;
        }
        return known;
    }
}
