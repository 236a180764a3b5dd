/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.clockbound.chrony.testing.Answer;
import io.clockbound.chrony.testing.TrackingReply;
import io.clockbound.daemon.ExitCode;
import org.junit.jupiter.api.Test;

/** What a daemon that runs says of itself. */
class StatusCommandTest extends RunningDaemon {

    @Test
    void statusShowsWhereTheBoundComesFrom() throws Exception {
        synchronize();
        CtlRun people = CtlRun.of("status", "--run-dir", directory.toString());
        assertThat(people.code()).as(people.err()).isZero();
        assertThat(people.out())
                .containsPattern("status +SYNCHRONIZED")
                .containsPattern("correction +\\S+ .?s")
                .containsPattern("address +" + directory)
                .containsPattern("max clock error +50 ppm");
        JsonNode json =
                CtlRun.of("status", "--json", "--run-dir", directory.toString()).outJson();
        assertThat(json.path("bound").path("now_ns").asLong()).isPositive();
        assertThat(json.path("pid").asLong()).isEqualTo(ProcessHandle.current().pid());
    }

    @Test
    void statusSaysWhyTheClockIsNotSynchronised() throws Exception {
        chronyd.answer(Answer.tracking(TrackingReply.unsynchronized()));
        daemon.start();
        awaitReason("the time source is not synchronised: it has no reference");
        assertThat(run("status").code()).isEqualTo(ExitCode.NOT_TRUSTED);
    }
}
