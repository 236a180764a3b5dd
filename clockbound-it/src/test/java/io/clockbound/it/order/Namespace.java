/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.order;

import io.clockbound.it.Programs;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Network and time namespaces: a hub, and hosts that are connected to it by a wire of their own. They end with this.
 *
 * @param holder the process that keeps them; they end with it
 * @param pid a process inside
 */
record Namespace(Process holder, long pid) implements AutoCloseable {

    /** The address of the hub in the network of the hosts. */
    static final String HUB = "10.77.0.1";

    private static final String MAKE_HUB = """
        set -e
        ip link set lo up
        ip link add hub type bridge
        ip addr add %s/24 dev hub
        ip link set hub up
        echo ready $$
        exec cat
        """.formatted(HUB);

    /** The words are the number of the host and a process of the hub. */
    private static final String MAKE_HOST = """
        set -e
        ip link set lo up
        ip link add wire type veth peer name "host$1" netns "$2"
        nsenter --target "$2" --net ip link set "host$1" master hub up
        ip addr add "10.77.0.1$1/24" dev wire
        ip link set wire up
        echo ready $$
        exec cat
        """;

    /** Tells whether this process may make them. */
    static boolean isAllowed() {
        for (String program : List.of("ip", "unshare", "nsenter")) {
            if (Programs.find(program).isEmpty()) {
                return false;
            }
        }
        try {
            Process attempt = new ProcessBuilder(
                            "unshare", "--fork", "--net", "--time", "--monotonic", "1", "ip", "link", "set", "lo", "up")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return attempt.waitFor(10, TimeUnit.SECONDS) && attempt.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Makes the one in the middle. */
    static Namespace hub() throws IOException {
        return of(List.of("unshare", "--net", "sh", "-c", MAKE_HUB));
    }

    /**
     * Makes a host whose address ends in the number.
     *
     * @param number 1 to 9
     * @param monotonicSeconds how far its monotonic clock is ahead of the machine's; negative ones are behind
     */
    static Namespace host(Namespace hub, int number, long monotonicSeconds) throws IOException {
        return of(List.of(
                "unshare",
                "--fork",
                "--kill-child",
                "--net",
                "--time",
                "--monotonic=" + monotonicSeconds,
                "sh",
                "-c",
                MAKE_HOST,
                "sh",
                Integer.toString(number),
                Long.toString(hub.pid)));
    }

    /** Returns the address of a host in that network. */
    static String address(int number) {
        return "10.77.0.1" + number;
    }

    private static Namespace of(List<String> words) throws IOException {
        Process holder = new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader output = holder.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        if (line == null || !line.startsWith("ready ")) {
            holder.destroyForcibly();
            throw new IOException("no namespaces: " + String.join(" ", words));
        }
        return new Namespace(holder, Long.parseLong(line.substring("ready ".length())));
    }

    /** Returns words that turn into the command after them, inside. */
    List<String> enter(String... more) {
        List<String> words =
                new ArrayList<>(List.of("nsenter", "--target", Long.toString(pid), "--net", "--time", "--"));
        words.addAll(List.of(more));
        return words;
    }

    @Override
    public void close() {
        holder.destroyForcibly().onExit().join();
    }
}
