/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.clockbound.daemon.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** How long another command took. */
class TimingCommandTest extends RunningDaemon {

    @Test
    void timingEndsWithTheCodeOfTheCommandAndTellsHowLongItTook() throws Exception {
        synchronize();
        CtlRun people = run("timing", "sh", "-c", "exit 7");
        assertThat(people.code()).isEqualTo(7);
        assertThat(people.out()).isEmpty();
        assertThat(people.err())
                .matches("earliest start  \\S+Z\nlatest finish   \\S+Z\nexecution time  [0-9.]+ s \\.\\. [0-9.]+ s\n");
        CtlRun json = run("timing", "--json", "--", "true");
        assertThat(json.code()).isZero();
        JsonNode times = json.errJson();
        assertThat(times.path("minimum_ns").asLong())
                .isBetween(1L, times.path("maximum_ns").asLong());
        assertThat(times.path("earliest_start_epoch_ns").asLong())
                .isLessThan(times.path("latest_finish_epoch_ns").asLong());
        assertThat(times.path("exit_code").asInt(-1)).isZero();
    }

    @Test
    void timingDoesNotRunWhatItCannotTime() throws IOException {
        daemon.start();
        Path file = directory.resolve("made");
        CtlRun run = run("timing", "touch", file.toString());
        assertThat(run.code()).isEqualTo(ExitCode.NOT_TRUSTED);
        assertThat(run.err())
                .startsWith("clockboundctl timing: the command was not run: not trusted, status UNKNOWN: ");
        assertThat(file).doesNotExist();
    }

    @Test
    void timingSaysThatThereIsNoSuchCommand() throws Exception {
        synchronize();
        CtlRun run = run("timing", directory.resolve("nothing").toString());
        assertThat(run.code()).isEqualTo(127);
        assertThat(run.err())
                .isEqualTo("clockboundctl timing: the command was not run: there is no program '"
                        + directory.resolve("nothing") + "': name one on the PATH, or its path\n");
        assertThat(run("timing", "no-such-program-on-the-path").code()).isEqualTo(127);
        assertThat(run("timing", directory.toString()).code()).isEqualTo(126);
        assertThat(run("timing", "").code()).isEqualTo(127);
    }
}
