/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.kill;

import io.clockbound.it.Program;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Starts writers and kills them at random points, while readers judge what they wrote. */
final class Killing {

    private static final int MAX_WRITING_NANOS = 20_000_000;
    private static final int GENERATION = 14;

    private final Path directory;
    private final List<Path> segments;
    private final Random random;

    /**
     * Creates it.
     *
     * @param directory where the segments are
     * @param writers how many writers each process has
     */
    Killing(Path directory, int writers, long seed) {
        this.directory = directory;
        this.segments = Stream.iterate(0, i -> i + 1)
                .limit(writers)
                .map(i -> directory.resolve("w" + i).resolve("shm0"))
                .toList();
        this.random = new Random(seed);
    }

    /** Kills so many processes. */
    KillVerdict kill(int kills) throws IOException, InterruptedException {
        int midWrite = 0;
        startWriting(startWriter()).destroyForcibly().waitFor(); // now there are segments
        Process judge = new ProcessBuilder(judgeWords())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (SegmentWatch watch = new SegmentWatch(segments);
                BufferedReader judged = judge.inputReader(StandardCharsets.US_ASCII)) {
            expect("judging", judged);
            for (int i = 0; i < kills; i++) {
                midWrite += killOne(watch);
            }
            judge.getOutputStream().close();
            String[] counts = line(judged).split(" ", -1);
            return new KillVerdict(
                    kills,
                    kills * segments.size(),
                    midWrite,
                    watch.readings(),
                    watch.wrong(),
                    Long.parseLong(counts[0]),
                    Long.parseLong(counts[2]));
        } finally {
            judge.destroyForcibly();
        }
    }

    /** Lets a process write, kills it, and returns how many of its writers had begun a record. */
    private int killOne(SegmentWatch watch) throws IOException, InterruptedException {
        Set<Path> unfinished = unfinished();
        Process writer = startWriter();
        try {
            // what the last one left unfinished says nothing until this one has polled
            segments.forEach(segment -> watch.judgeAnew(segment, unfinished.contains(segment)));
            startWriting(writer);
            LockSupport.parkNanos(random.nextInt(MAX_WRITING_NANOS));
        } finally {
            writer.destroyForcibly().waitFor();
        }
        Set<Path> begun = unfinished();
        segments.forEach(segment -> watch.judgeAnew(segment, begun.contains(segment)));
        return begun.size();
    }

    private Set<Path> unfinished() throws IOException {
        Set<Path> unfinished = new HashSet<>();
        for (Path segment : segments) {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(segment)).order(ByteOrder.nativeOrder());
            if (bytes.getShort(GENERATION) % 2 != 0) {
                unfinished.add(segment);
            }
        }
        return unfinished;
    }

    private Process startWriter() throws IOException {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                KilledWriter.class.getName()));
        segments.forEach(segment -> words.add(String.valueOf(segment.getParent())));
        Process writer = new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        expect("opened", writer.inputReader(StandardCharsets.UTF_8));
        return writer;
    }

    private static Process startWriting(Process writer) throws IOException {
        writer.getOutputStream().write('\n');
        writer.getOutputStream().flush();
        expect("writing", writer.inputReader(StandardCharsets.UTF_8));
        return writer;
    }

    private List<String> judgeWords() throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(
                List.of(Program.compiled("judge", directory).path().toString()));
        segments.forEach(segment -> words.add(segment.toString()));
        return words;
    }

    private static void expect(String word, BufferedReader output) throws IOException {
        String line = line(output);
        if (!line.equals(word)) {
            throw new IOException("'" + line + "' instead of '" + word + "'");
        }
    }

    private static String line(BufferedReader output) throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new EOFException("the program ended");
        }
        return line;
    }
}
