/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.interop;

import io.clockbound.it.truth.UdpPath;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * A program that is a path to the NTP server of a seclusion, on which requests are late and answers are not.
 *
 * <p>Its words: the address where the server seems to be, on {@link #PORT}, and the delay in milliseconds.
 */
final class LatePath {

    static final int PORT = 1123;

    private static final int NTP = 123;

    private LatePath() {}

    /** Carries packets until it is ended. */
    public static void main(String[] words) throws IOException {
        UdpPath path = new UdpPath(new InetSocketAddress(words[0], PORT), NTP);
        path.delay(Duration.ofMillis(Long.parseLong(words[1])), Duration.ZERO);
    }
}
