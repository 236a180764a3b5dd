/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NativeChoiceTest {

    @Test
    void beforeJava22JunixsocketIsTheOnlyChoice() throws IOException {
        assumeTrue(Runtime.version().feature() < 22, "this runtime has java.lang.foreign");
        assertThat(NativeChoice.auto.sockets().name()).isEqualTo("junixsocket");
        String why = "native 'ffm' needs Java 22 or later, and this is Java "
                + Runtime.version().feature() + ": choose auto or junixsocket, or run on a later Java";
        assertThat(NativeChoice.ffm.obstacle()).contains(why);
        assertThatThrownBy(NativeChoice.ffm::sockets).hasMessage(why);
    }

    @Test
    void anythingElseInTheSystemPropertyIsRefused() throws IOException {
        String before = System.getProperty(NativeChoice.PROPERTY);
        try {
            System.setProperty(NativeChoice.PROPERTY, "jna");
            assertThatThrownBy(NativeChoice::ofProperty)
                    .hasMessage("system property clockbound.native is 'jna'; it must be auto, ffm or junixsocket");
            System.setProperty(NativeChoice.PROPERTY, "junixsocket");
            assertThat(NativeChoice.ofProperty()).isEqualTo(NativeChoice.junixsocket);
            System.clearProperty(NativeChoice.PROPERTY);
            assertThat(NativeChoice.ofProperty()).isEqualTo(NativeChoice.auto);
        } finally {
            if (before != null) {
                System.setProperty(NativeChoice.PROPERTY, before);
            }
        }
    }

    @Test
    void aNameThatTheKernelDoesNotTakeIsRefusedWithItsLength() throws IOException {
        assertThat(UnixName.of(Path.of("/" + "x".repeat(106))).bytes()).hasSize(107);
        assertThatThrownBy(() -> UnixName.of(Path.of("/" + "x".repeat(107))))
                .hasMessageContaining("has 108 bytes; it must have from 1 to 107: choose a shorter directory");
        assertThatThrownBy(() -> UnixName.of(Path.of(""))).hasMessageContaining("has 0 bytes");
        assertThat(UnixName.inAbstractNamespace("x".repeat(107)).bytes()).hasSize(108);
        assertThatThrownBy(() -> UnixName.inAbstractNamespace("x".repeat(108)))
                .hasMessageContaining("has 108 bytes; it may have at most 107");
    }
}
