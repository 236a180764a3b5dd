/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.order;

import io.clockbound.order.HybridTimestamp;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the hosts did, as the one clock that all of them share saw it: a file with a line for each event.
 *
 * @param commits in no order, like the others
 */
record History(List<Commit> commits, List<Act> acts, List<HandOver> handOvers) {

    /** Something that a host did. */
    sealed interface Event {

        /** Returns its line. */
        String line();
    }

    /**
     * A transaction that was committed. Instants are monotonic time of the machine.
     *
     * @param beganNanos when it began
     * @param readNanos before the interval was read
     * @param askedNanos after that, before its timestamp was asked for
     * @param waitNanos how long it waited, 0 when it did not
     * @param visibleNanos when its client was told
     * @param earliestNanos the lower end of the interval
     * @param latestNanos the upper end
     * @param versions the keys that it wrote, and the timestamp of the version that each had before
     */
    record Commit(
            String host,
            long beganNanos,
            long readNanos,
            long askedNanos,
            long waitNanos,
            long visibleNanos,
            long earliestNanos,
            long latestNanos,
            HybridTimestamp timestamp,
            Map<Integer, Long> versions)
            implements Event {

        /** Returns how long its client waited for it. */
        long latencyNanos() {
            return visibleNanos - beganNanos;
        }

        @Override
        public String line() {
            StringBuilder line = new StringBuilder("commit " + host + " " + beganNanos + " " + readNanos + " "
                    + askedNanos + " " + waitNanos + " " + visibleNanos + " " + earliestNanos + " " + latestNanos + " "
                    + timestamp.epochNanos());
            versions.forEach(
                    (key, before) -> line.append(" ").append(key).append("=").append(before));
            return line.toString();
        }

        private static Commit of(String[] words) {
            Map<Integer, Long> versions = new TreeMap<>();
            for (int i = 10; i < words.length; i++) {
                int equals = words[i].indexOf('=');
                versions.put(
                        Integer.parseInt(words[i].substring(0, equals)),
                        Long.parseLong(words[i].substring(equals + 1)));
            }
            return new Commit(
                    words[1],
                    Long.parseLong(words[2]),
                    Long.parseLong(words[3]),
                    Long.parseLong(words[4]),
                    Long.parseLong(words[5]),
                    Long.parseLong(words[6]),
                    Long.parseLong(words[7]),
                    Long.parseLong(words[8]),
                    new HybridTimestamp(Long.parseLong(words[9])),
                    versions);
        }
    }

    /** Something that a host did under a lease, from the look before to the look after. */
    record Act(String host, int job, long token, long beganNanos, long endedNanos) implements Event {

        @Override
        public String line() {
            return "act " + host + " " + job + " " + token + " " + beganNanos + " " + endedNanos;
        }
    }

    /** A lease that a host took over from another. */
    record HandOver(String host, int job, long token) implements Event {

        @Override
        public String line() {
            return "hand-over " + host + " " + job + " " + token;
        }
    }

    /** Reads files together. */
    static History read(List<Path> files) throws IOException {
        History history = new History(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (Path file : files) {
            for (String line : Files.readAllLines(file)) {
                history.add(line.split(" ", -1));
            }
        }
        return history;
    }

    private void add(String[] words) {
        switch (words[0]) {
            case "commit" -> commits.add(Commit.of(words));
            case "act" ->
                acts.add(new Act(
                        words[1],
                        Integer.parseInt(words[2]),
                        Long.parseLong(words[3]),
                        Long.parseLong(words[4]),
                        Long.parseLong(words[5])));
            case "hand-over" ->
                handOvers.add(new HandOver(words[1], Integer.parseInt(words[2]), Long.parseLong(words[3])));
            default -> throw new IllegalArgumentException("\"" + words[0] + "\" is no event of a history");
        }
    }

    /** Writes the file of a host. Thread-safe. */
    static final class Writer implements Closeable {

        private final BufferedWriter file;

        Writer(Path path) throws IOException {
            file = Files.newBufferedWriter(path);
        }

        synchronized void add(Event event) {
            try {
                file.write(event.line());
                file.write('\n');
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public synchronized void close() throws IOException {
            file.close();
        }
    }
}
