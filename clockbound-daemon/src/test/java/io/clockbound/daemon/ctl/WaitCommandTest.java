/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.chrony.testing.Answer;
import io.clockbound.daemon.ExitCode;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The wait for a clock that is trusted. */
class WaitCommandTest extends RunningDaemon {

    @Test
    void waitEndsWhenTheClockIsSynchronisedEvenIfTheDaemonComesLater() throws Exception {
        CompletableFuture<CtlRun> wait = CompletableFuture.supplyAsync(() -> run("wait", "--timeout", "100s"));
        chronyd.answer(Answer.tracking());
        daemon.start();
        CtlRun run = wait.get();
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).endsWith("SYNCHRONIZED\n");
    }

    @Test
    void waitTimesOutWithoutTrustOrWithTooWideAnInterval() throws Exception {
        daemon.start();
        awaitReason("no reply");
        CtlRun untrusted = run("wait", "--timeout", "10ms");
        assertThat(untrusted.code()).isEqualTo(ExitCode.NOT_TRUSTED);
        assertThat(untrusted.out()).isEmpty();
        assertThat(untrusted.err())
                .startsWith("clockboundctl wait: not within 10 ms: not trusted, status UNKNOWN: ")
                .contains("no reply");
        chronyd.answer(Answer.tracking());
        daemon.clock().pollNow();
        assertThat(run("wait", "--timeout", "60s", "--max-bound", "1h", "--json")
                        .outJson()
                        .path("is_trusted")
                        .asBoolean())
                .isTrue();
        CtlRun tooWide = run("wait", "--timeout", "0ms", "--max-bound", "1ns");
        assertThat(tooWide.code()).isEqualTo(1);
        assertThat(tooWide.err()).startsWith("clockboundctl wait: not within 0 ns: the error bound is ");
    }
}
