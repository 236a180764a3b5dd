/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

class JunixCallsTest {

    @Test
    void linksWithJunixsocketOnTheClassPath() {
        assertThatCode(JunixCalls::link).doesNotThrowAnyException();
    }
}
