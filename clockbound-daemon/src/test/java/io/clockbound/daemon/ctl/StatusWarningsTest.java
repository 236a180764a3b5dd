/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.clockbound.chrony.testing.Answer;
import io.clockbound.daemon.log.LogSettings;
import io.clockbound.daemon.log.Logging;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

/** Whoever asks for the status need not read the log to learn what is wrong with the daemon. */
@Timeout(120)
class StatusWarningsTest {

    @TempDir
    Path directory;

    @BeforeEach
    void quietLog() {
        Logging.apply(new LogSettings(Level.ERROR, LogSettings.Format.text));
    }

    @AfterEach
    void restoreLog() {
        Logging.apply(LogSettings.DEFAULTS);
    }

    @Test
    void aDaemonWithNothingToWarnOfHasNoWarning() throws Exception {
        try (ServedClock served = serve()) {
            assertThat(warnings(served)).isEmpty();
        }
    }

    @Test
    void whatTheOptionsRiskIsAWarningAndNoneIsThereTwice() throws Exception {
        try (ServedClock served = serve("--allow-local-reference", "--allow-estimate", "--poll-interval=6s")) {
            assertThat(warnings(served)).hasSize(3).doesNotHaveDuplicates();
            CtlRun people = served.run("status");
            assertThat(people.out())
                    .contains(
                            "\nwarning  poll-interval is over 5s",
                            "\nwarning  allow-local-reference is set: ",
                            "\nwarning  allow-estimate is set: ");
            assertThat(served.run("status", "--explain").out()).contains("Be warned: poll-interval is over 5s");
        }
    }

    @Test
    void statusSaysAReasonAndAWarningOnce() throws Exception {
        try (ServedClock served = serve("--allow-estimate")) {
            served.chronyd.answer(Answer.status(2));
            String why = "";
            while (!why.contains("UNAUTH")) { // until a poll has ended
                why = served.run("status", "--json").outJson().path("why").asText();
                Thread.onSpinWait();
            }
            String people = served.run("status").out().replaceFirst("(?s)\\nchanges\\n.*", "");
            assertThat(people.split(Pattern.quote(why), -1)).hasSize(2);
            assertThat(people.split("allow-estimate is set", -1)).hasSize(2);
        }
    }

    @Test
    void metricsThatAreNotServedAreAWarningWithTheAddressAndTheRemedy() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServedClock served = serve("--metrics-address=127.0.0.1:" + taken.getLocalPort())) {
            assertThat(warnings(served))
                    .singleElement()
                    .asString()
                    .startsWith("Not serving metrics: metrics-address 127.0.0.1:" + taken.getLocalPort())
                    .contains("choose a free port");
        }
    }

    @Test
    void aTransportThatIsNotServedIsAWarning() throws Exception {
        Files.createDirectories(directory.resolve("run"));
        Path file = Files.writeString(directory.resolve("run/shm"), "no directory");
        try (ServedClock served = serve()) {
            assertThat(warnings(served))
                    .singleElement()
                    .asString()
                    .startsWith("Not serving shm: ")
                    .contains(file.toString());
        }
    }

    private ServedClock serve(String... options) throws IOException {
        return new ServedClock(directory.resolve("run"), options);
    }

    private static List<String> warnings(ServedClock served) throws IOException {
        List<String> texts = new ArrayList<>();
        for (JsonNode warning : served.run("status", "--json").outJson().path("warnings")) {
            texts.add(warning.asText());
        }
        return texts;
    }
}
