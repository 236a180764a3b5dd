/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/**
 * Restores the names of clients in the abstract namespace, whose length junixsocket loses.
 *
 * <p>Such a name comes padded with zeros to the longest there is, and nobody is reached under that. A name that does end
 * in zeros can't be told from a padded one. Remembers the last clients, because making an address is slow.
 */
final class ClientNames {

    private static final int MAX_REMEMBERED = 1_024;

    private final Map<ByteBuffer, AFUNIXSocketAddress> restored = new LinkedHashMap<>(MAX_REMEMBERED, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, AFUNIXSocketAddress> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    /** Returns the address that reaches the client. */
    AFUNIXSocketAddress restore(AFUNIXSocketAddress received) throws IOException {
        byte[] name = received.getPathAsBytes();
        int length = name.length;
        if (length == 0 || name[0] != 0 || name[length - 1] != 0) {
            return received;
        }
        ByteBuffer key = ByteBuffer.wrap(name);
        AFUNIXSocketAddress known = restored.get(key);
        if (known != null) {
            return known;
        }
        while (length > 1 && name[length - 1] == 0) {
            length--;
        }
        AFUNIXSocketAddress address = AFUNIXSocketAddress.of(Arrays.copyOf(name, length));
        restored.put(key, address);
        return address;
    }

    int size() {
        return restored.size();
    }
}
