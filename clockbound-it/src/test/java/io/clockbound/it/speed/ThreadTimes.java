/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How long each thread of a process has been on a processor, to the nanosecond: the time of a whole process has ticks. */
record ThreadTimes(Map<Path, Long> nanos) {

    static ThreadTimes of(long pid) throws IOException {
        List<Path> threads;
        try (Stream<Path> listed = Files.list(Path.of("/proc/" + pid + "/task"))) {
            threads = listed.toList();
        }
        Map<Path, Long> nanos = new HashMap<>();
        for (Path thread : threads) {
            try {
                String times = Files.readString(thread.resolve("schedstat"));
                nanos.put(thread, Long.parseLong(times.substring(0, times.indexOf(' '))));
            } catch (NoSuchFileException e) {
                // it has ended
            }
        }
        return new ThreadTimes(nanos);
    }

    /** Returns what all threads have used since then; one that has ended meanwhile is left out. */
    long nanosSince(ThreadTimes before) {
        return nanos.entrySet().stream()
                .mapToLong(thread -> thread.getValue() - before.nanos().getOrDefault(thread.getKey(), 0L))
                .sum();
    }
}
