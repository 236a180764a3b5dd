/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import io.clockbound.it.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A server that clients ask as fast as they can.
 *
 * @param transport {@code datagram} or {@code stream}
 * @param socket where it answers
 * @param process it, or an ancestor of it
 * @param load the program that has the clients
 */
record LoadedServer(String transport, Path socket, ProcessHandle process, Program load) {

    /** Who asks, and where both sides run. */
    enum Clients {
        /** The software's cost: neither ever waits for the other's processor. */
        ONE_ON_THE_SAME_PROCESSOR("1 client on the same processor", 1, "0", "0"),
        /** On a machine that has nothing else to do: most of the time goes into waking the other processor. */
        ONE_ON_ANOTHER_PROCESSOR("1 client on another processor", 1, "1", "0"),
        /** On all processors. */
        FOUR("4 clients", 4, "0,1", "0,1");

        private final String description;
        private final int count;
        private final String processors;
        private final String serverProcessors;

        Clients(String description, int count, String processors, String serverProcessors) {
            this.description = description;
            this.count = count;
            this.processors = processors;
            this.serverProcessors = serverProcessors;
        }

        @Override
        public String toString() {
            return description;
        }
    }

    /** Lets clients ask for a while. */
    Speed ask(Clients clients, int warmUpMillis, int millis) throws IOException, InterruptedException {
        moveTo(clients.serverProcessors);
        Path own = load.path().resolveSibling("client");
        return Speed.parse(
                load.run(clients.processors, transport, socket, own, clients.count, warmUpMillis, millis, 0));
    }

    private void moveTo(String processors) throws IOException, InterruptedException {
        List<ProcessHandle> all =
                Stream.concat(Stream.of(process), process.descendants()).toList();
        for (ProcessHandle each : all) {
            Program.run(List.of("taskset", "-a", "-p", "-c", processors, Long.toString(each.pid())));
        }
    }
}
