/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clockbound.daemon.log.LogSettings;
import io.clockbound.daemon.log.Logging;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.event.Level;
import picocli.CommandLine;

@Timeout(60)
class DemoCommandTest {

    private static final String CHRONYD = "clockbound.chronyd";

    /** Processes that ran while the demo wrote, and their arguments. */
    private final Set<ProcessHandle> processes = new HashSet<>();

    private final Set<String> arguments = new HashSet<>();

    @BeforeEach
    void start() {
        Logging.apply(new LogSettings(Level.ERROR, LogSettings.Format.text));
    }

    @AfterEach
    void end() {
        System.clearProperty(CHRONYD);
        Logging.apply(LogSettings.DEFAULTS);
    }

    @Test
    void withoutChronydItSimulatesOneAndSaysSo() {
        System.setProperty(CHRONYD, "/nonexistent/chronyd");
        List<String> lines = run("--readings", "2");
        assumeTrue(!lines.get(0).contains("the chronyd of this machine"), "this machine's chronyd is synchronised");
        assertThat(lines.get(0))
                .isEqualTo(
                        "Time source: simulated, because no chronyd is installed: it claims an error of 1 ms and knows"
                                + " nothing");
        assertThat(readings(lines)).hasSize(2).allMatch(line -> line.matches(".* SYNCHRONIZED +unknown"));
        assertNothingIsLeft(lines);
    }

    @Test
    void withChronydItRunsAPrivatePairAndEveryIntervalContainsTheServersTime() {
        assumeInstalled();
        List<String> lines = run("--readings", "3");
        assumeTrue(!lines.get(0).contains("the chronyd of this machine"), "this machine's chronyd is synchronised");
        assertThat(lines.get(0))
                .isEqualTo("Time source: a private chronyd, whose private server is made to be 50 ms ahead of this"
                        + " machine");
        assertThat(lines).anyMatch(line -> line.startsWith("Synchronised after "));
        assertThat(readings(lines)).hasSize(3).allMatch(line -> line.matches(".* SYNCHRONIZED +inside"));
        assertThat(processes).hasSizeGreaterThanOrEqualTo(2);
        assertThat(arguments).contains("-x");
        assertNothingIsLeft(lines);
    }

    @Test
    void helpSaysWhatItAsks() {
        assertThat(String.join(" ", run("--help"))).contains("private pair of chronyds", "never touch the clock");
    }

    private void assertNothingIsLeft(List<String> lines) {
        String directory = lines.get(1).replaceFirst("^Daemon: +", "");
        assertThat(Path.of(directory)).doesNotExist();
        assertThat(processes).noneMatch(ProcessHandle::isAlive);
        assertThat(arguments.stream().filter(argument -> argument.startsWith("/tmp/chronyd")))
                .allSatisfy(file -> assertThat(Path.of(file).getParent()).doesNotExist());
    }

    private static Stream<String> readings(List<String> lines) {
        return lines.stream().filter(line -> line.matches("\\d{4}-.*"));
    }

    private List<String> run(String... words) {
        StringWriter output = new StringWriter();
        PrintWriter out = new PrintWriter(output) {
            @Override
            public void flush() {
                super.flush();
                noteProcesses();
            }
        };
        int code = new CommandLine(new DemoCommand()).setOut(out).execute(words);
        assertThat(code).as(output.toString()).isZero();
        return output.toString().lines().toList();
    }

    private void noteProcesses() {
        ProcessHandle.current().children().filter(ProcessHandle::isAlive).forEach(child -> {
            processes.add(child);
            child.info().arguments().ifPresent(words -> arguments.addAll(Arrays.asList(words)));
        });
    }

    private static void assumeInstalled() {
        if (Boolean.getBoolean("clockbound.it.required")) {
            assertThat(PrivateChronyd.isInstalled())
                    .as("chronyd and chronyc are installed")
                    .isTrue();
        }
        assumeTrue(PrivateChronyd.isInstalled(), "chronyd and chronyc are not on this machine");
    }
}
