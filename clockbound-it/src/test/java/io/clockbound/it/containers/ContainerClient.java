/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.containers;

import io.clockbound.ClockStatus;
import io.clockbound.it.IntervalReader;
import io.clockbound.it.Reading;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.output.OutputFrame;

/** A client in a container of its own that goes on reading: {@code clockboundctl watch}, whose lines become readings. */
final class ContainerClient implements IntervalReader {

    private static final int PATIENCE_SECONDS = 180;
    private static final Pattern STATUS = Pattern.compile("\"status\":\"(\\w+)\"");
    private static final Pattern ASKED = Pattern.compile("\"wall_before_epoch_ns\":(-?\\d+)");
    private static final Pattern ANSWERED = Pattern.compile("\"wall_after_epoch_ns\":(-?\\d+)");
    private static final Pattern EARLIEST = Pattern.compile("\"earliest_epoch_ns\":(-?\\d+)");
    private static final Pattern LATEST = Pattern.compile("\"latest_epoch_ns\":(-?\\d+)");

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final GenericContainer<?> container;

    /**
     * Starts it.
     *
     * @param words further options of {@code watch}
     */
    ContainerClient(DaemonContainer.Volumes volumes, String... words) {
        String[] command = new String[words.length + 5];
        System.arraycopy(new String[] {"@clockboundctl", "watch", "--json", "--interval", "10ms"}, 0, command, 0, 5);
        System.arraycopy(words, 0, command, 5, words.length);
        container = DaemonContainer.client(volumes, command).withLogConsumer(this::add);
        container.start();
    }

    /** Returns the next reading. */
    @Override
    public Reading now() throws IOException {
        try {
            String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (line == null) {
                throw new IOException("the client says nothing any more: " + container.getLogs());
            }
            ClockStatus status = ClockStatus.valueOf(find(STATUS, line));
            long askedNanos = Long.parseLong(find(ASKED, line));
            long answeredNanos = Long.parseLong(find(ANSWERED, line));
            if (!status.isTrusted()) {
                return new Reading(askedNanos, answeredNanos, status, 0, 0);
            }
            long earliestNanos = Long.parseLong(find(EARLIEST, line));
            long latestNanos = Long.parseLong(find(LATEST, line));
            return new Reading(askedNanos, answeredNanos, status, earliestNanos, latestNanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        container.stop();
    }

    private void add(OutputFrame frame) {
        frame.getUtf8String().lines().filter(line -> !line.isBlank()).forEach(lines::add);
    }

    private static String find(Pattern field, String line) throws IOException {
        Matcher matcher = field.matcher(line);
        if (!matcher.find()) {
            throw new IOException("not a reading: " + line);
        }
        return matcher.group(1);
    }
}
