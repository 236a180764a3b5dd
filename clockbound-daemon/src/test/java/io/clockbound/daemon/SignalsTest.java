/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SignalsTest {

    @Test
    void theActionRunsAtEverySignal() throws IOException, InterruptedException {
        Semaphore calls = new Semaphore(0);
        assertThat(Signals.handle("WINCH", calls::release)).isTrue();
        for (int i = 0; i < 3; i++) {
            raise("WINCH");
            assertThat(calls.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aLaterActionTakesThePlaceOfTheFirst() throws IOException, InterruptedException {
        Semaphore first = new Semaphore(0);
        Semaphore second = new Semaphore(0);
        Signals.handle("WINCH", first::release);
        Signals.handle("WINCH", second::release);
        raise("WINCH");
        assertThat(second.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        assertThat(first.availablePermits()).isZero();
    }

    @Test
    void signalsThatTheJvmKeepsOrNobodyKnowsAreRefused() {
        assertThat(Signals.handle("SEGV", () -> {})).isFalse();
        assertThat(Signals.handle("KILL", () -> {})).isFalse();
        assertThat(Signals.handle("NONSENSE", () -> {})).isFalse();
    }

    private static void raise(String name) throws IOException, InterruptedException {
        long self = ProcessHandle.current().pid();
        assertThat(new ProcessBuilder("sh", "-c", "kill -" + name + " " + self)
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }
}
