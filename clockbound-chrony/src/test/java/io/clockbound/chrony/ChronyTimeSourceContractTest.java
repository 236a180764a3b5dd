/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import io.clockbound.chrony.testing.Answer;
import io.clockbound.chrony.testing.ScriptedChronyd;
import io.clockbound.spi.TimeSource;
import io.clockbound.testing.TimeSourceContract;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class ChronyTimeSourceContractTest extends TimeSourceContract {

    private ScriptedChronyd chronyd;

    @BeforeEach
    void start() throws IOException {
        chronyd = ScriptedChronyd.onUdp();
    }

    @AfterEach
    void stop() throws IOException {
        chronyd.close();
    }

    @Override
    protected TimeSource replying() {
        return new ChronyTimeSource().with(Map.of("address", chronyd.address()));
    }

    @Override
    protected TimeSource silent() {
        chronyd.answer(Answer.silence());
        return replying();
    }
}
