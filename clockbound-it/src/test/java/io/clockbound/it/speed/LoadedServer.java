/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import io.clockbound.it.Deadline;
import io.clockbound.it.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Deque;
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

    /** Starts the server in C, whose socket is beside the program; what ends it is pushed to {@code running}. */
    static LoadedServer inC(Program server, String transport, Program load, Deque<Runnable> running) throws Exception {
        Path socket = server.path().resolveSibling("c." + transport);
        Process process = server.start("0", transport, socket);
        running.push(() -> process.destroyForcibly().onExit().join());
        Deadline.await(() -> "the socket of the server in C", () -> Files.exists(socket));
        return new LoadedServer(transport, socket, process.toHandle(), load);
    }

    /** Lets clients ask for a while. */
    Speed ask(Clients clients, int warmUpMillis, int millis) throws IOException, InterruptedException {
        return ask(clients.count, clients.processors, clients.serverProcessors, warmUpMillis, millis);
    }

    /** Lets clients ask for a while, at most 16, on some processors, and the server run on others. */
    Speed ask(int clients, String processors, String serverProcessors, int warmUpMillis, int millis)
            throws IOException, InterruptedException {
        List<Long> pids = Stream.concat(Stream.of(process), process.descendants())
                .map(ProcessHandle::pid)
                .toList();
        for (long pid : pids) {
            Program.run(List.of("taskset", "-a", "-p", "-c", serverProcessors, Long.toString(pid)));
        }
        Path own = load.path().resolveSibling("client");
        List<Object> words = new ArrayList<>(List.of(transport, socket, own, clients, warmUpMillis, millis, 0));
        words.addAll(pids);
        return Speed.parse(load.run(processors, words.toArray()));
    }

    /** Returns how many bytes its threads of a name allocate for a request of one client that asks for a while. */
    double bytesPerRequest(String thread, int millis) throws IOException, InterruptedException {
        try (ThreadAllocation allocation = ThreadAllocation.in(process.pid())) {
            ask(Clients.ONE_ON_ANOTHER_PROCESSOR, 0, millis); // what the look itself loads and compiles
            long before = allocation.bytes(thread);
            Speed speed = ask(Clients.ONE_ON_ANOTHER_PROCESSOR, 0, millis);
            return (allocation.bytes(thread) - before) / (speed.perSecond() * millis / 1e3);
        }
    }
}
