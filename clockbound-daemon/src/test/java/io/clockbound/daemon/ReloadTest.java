/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.clockbound.daemon.config.Invocation;
import io.clockbound.daemon.log.LogSettings;
import io.clockbound.daemon.log.Logging;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class ReloadTest {

    private static final String NEEDS_RESTART = "Changed, but only a restart adopts it: ";

    private final PrintStream standardOutput = System.out;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    @TempDir
    Path directory;

    private final Warnings warnings = new Warnings(List.of());

    private Level level = Level.OFF;

    @BeforeEach
    void capture() {
        System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.setOut(standardOutput);
        Logging.apply(LogSettings.DEFAULTS);
    }

    @Test
    void nothingChangedIsSaid() throws IOException {
        assertThat(run(started("level = 2\n"))).containsExactly("Configuration reloaded; changed: nothing");
    }

    @Test
    void levelAndFormatAreAdopted() throws IOException {
        Reload reload = started("level = 2\n");
        write("level = 1\n");
        assertThat(run(reload)).containsExactly("Configuration reloaded; changed: level");
        assertThat(level).isEqualTo(Level.DEBUG);
        write("level = 1\nlog-format = json\n");
        assertThat(run(reload)).singleElement().asString().contains("{").contains("changed: log-format");
        write("");
        assertThat(run(reload))
                .singleElement()
                .asString()
                .contains("changed: ")
                .contains("level")
                .contains("log-format");
        assertThat(level).isEqualTo(Level.INFO);
    }

    @Test
    void anyOtherChangeIsToldAtEveryReloadUntilItIsUndone() throws IOException {
        Reload reload = started("max_clock_error = 50\nholdover = 10s\n");
        write("max_clock_error = 60\nholdover = 20s\n");
        for (int i = 0; i < 2; i++) {
            assertThat(run(reload)).hasSize(2).first().isEqualTo("Configuration reloaded; changed: nothing");
        }
        write("max_clock_error = 60\nholdover = 10s\n");
        assertThat(run(reload)).last().isEqualTo(NEEDS_RESTART + "max_clock_error");
        assertThat(warnings.all()).containsExactly(NEEDS_RESTART + "max_clock_error");
        write("max_clock_error = 50\nholdover = 10s\n");
        assertThat(run(reload)).containsExactly("Configuration reloaded; changed: nothing");
        assertThat(warnings.all()).isEmpty();
    }

    @Test
    void whatTheBoundRestsOnIsAdoptedByARestartOnly() throws IOException {
        Reload reload = started("reference-error = PHC0=1us GPS=2us\nclock = auto\nmax-slew-rate = 500\n");
        write("reference-error = PHC0=1us GPS=3us\nclock = auto\nmax-slew-rate = 500\n");
        assertThat(run(reload)).last().isEqualTo(NEEDS_RESTART + "reference-error");
        write("reference-error = PHC0=1us GPS=2us\nclock = disciplined\nmax-slew-rate = 500\n");
        assertThat(run(reload)).last().isEqualTo(NEEDS_RESTART + "clock");
        write("reference-error = PHC0=1us GPS=2us\nclock = auto\nallow-estimate = true\n");
        assertThat(run(reload)).last().asString().contains("allow-estimate").contains("max-slew-rate");
    }

    @Test
    void aLineThatIsGoneIsAChange() throws IOException {
        Reload reload = started("max_clock_error = 50\n");
        write("");
        assertThat(run(reload)).last().isEqualTo(NEEDS_RESTART + "max_clock_error");
    }

    @Test
    void aBrokenFileChangesNothing() throws IOException {
        Reload reload = started("level = 3\n");
        LogSettings before = new LogSettings(org.slf4j.event.Level.WARN, LogSettings.Format.text);
        Logging.apply(before);
        write("level = 1\nlevl = 2\n");
        assertThat(run(reload))
                .containsExactly(
                        "Configuration not reloaded: " + file() + ":2: 'levl' is no option; did you mean 'level'?");
        assertThat(level).isEqualTo(Level.WARN);
        Files.delete(file());
        Logging.apply(before);
        assertThat(run(reload))
                .containsExactly("Configuration not reloaded: " + file()
                        + ": there is no such file; make it, or leave out --config");
        assertThat(warnings.all()).singleElement().asString().contains("there is no such file");
        assertThat(level).isEqualTo(Level.WARN);
    }

    @Test
    void jarsThatWereReplacedUnderItChangeNothing() throws IOException {
        Reload reload = started("level = 2\n");
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(services.resolve("io.clockbound.spi.TimeSource"), "io.clockbound.Gone\n");
        Thread thread = Thread.currentThread();
        ClassLoader loader = thread.getContextClassLoader();
        try (URLClassLoader replaced =
                new URLClassLoader(new URL[] {directory.toUri().toURL()}, loader)) {
            thread.setContextClassLoader(replaced);
            assertThat(run(reload))
                    .singleElement()
                    .asString()
                    .startsWith("Configuration not reloaded: java.util.ServiceConfigurationError: ")
                    .contains("io.clockbound.Gone")
                    .endsWith("; were jars replaced? A restart loads them");
        } finally {
            thread.setContextClassLoader(loader);
        }
    }

    private Reload started(String text) throws IOException {
        write(text);
        String[] arguments = {"-c", file().toString()};
        return new Reload(Invocation.parse(arguments), warnings, arguments);
    }

    /** Runs it, notes the level that it leaves, and returns what it wrote, without times and levels. */
    private List<String> run(Reload reload) {
        output.reset();
        reload.run();
        level = ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).getEffectiveLevel();
        Logging.end();
        return output.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.replaceFirst("^(\\S+ [A-Z]+ +|<\\d>)", ""))
                .toList();
    }

    private Path file() {
        return directory.resolve("clockboundd.conf");
    }

    private void write(String text) throws IOException {
        Files.writeString(file(), text);
    }
}
