/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.order;

import io.clockbound.it.truth.UdpPath;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A program that is the path of one host to the NTP server of the hub. Each line of its input has the delay to the server and
 * the delay back, in milliseconds; it ends with its input.
 */
final class DelayedPath {

    static final int PORT = 1123;

    private static final int NTP = 123;

    private DelayedPath() {}

    /** Carries packets. */
    public static void main(String[] words) throws IOException {
        try (UdpPath path = new UdpPath(new InetSocketAddress(Namespace.HUB, PORT), NTP)) {
            BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            System.out.println("ready");
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                String[] millis = line.split(" ", -1);
                path.delay(Duration.ofMillis(Long.parseLong(millis[0])), Duration.ofMillis(Long.parseLong(millis[1])));
                System.out.println("delayed");
            }
        }
    }
}
