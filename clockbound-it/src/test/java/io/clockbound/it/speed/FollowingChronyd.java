/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import io.clockbound.chrony.testing.TestChronyd;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A chronyd that follows several servers, each a chronyd of its own. */
final class FollowingChronyd {

    private FollowingChronyd() {}

    /** Starts it and so many servers; what ends them is pushed to {@code running}. */
    static TestChronyd of(int servers, Deque<Runnable> running) throws IOException {
        List<String> directives = new ArrayList<>();
        for (int i = 1; i <= servers; i++) {
            String host = "127.0.0." + i; // chronyd takes an address once, whatever the port
            TestChronyd server = TestChronyd.start(TestChronyd.freeUdpPort(), "bindaddress " + host, "local stratum 1");
            running.push(server::close);
            directives.add("server " + host + " port " + server.ntpPort() + " minpoll 0 maxpoll 0 iburst");
        }
        TestChronyd chronyd = TestChronyd.start(0, directives.toArray(String[]::new));
        running.push(chronyd::close);
        return chronyd;
    }
}
