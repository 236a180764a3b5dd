/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceIdTest {

    @Test
    void namesAreLeftJustified() {
        assertThat(ReferenceId.ofClock("PHC0").code()).isEqualTo(0x50484330);
        assertThat(ReferenceId.ofClock("GPS").code()).isEqualTo(0x47505300);
    }

    @Test
    void aClockShowsItsName() {
        assertThat(ReferenceId.ofClock("GPS")).hasToString("GPS");
        assertThat(new ReferenceId(0x00000001, false)).hasToString("00000001");
    }

    @Test
    void aServerShowsItsNumberEvenWhenItSpellsAName() {
        assertThat(new ReferenceId(0x50484330, true)).hasToString("50484330");
        assertThat(ReferenceId.LOCAL).hasToString("7F7F0101");
    }

    @Test
    void onlyAClockIsAReferenceClock() {
        assertThat(ReferenceId.ofClock("PHC0").isReferenceClock()).isTrue();
        assertThat(new ReferenceId(0x50484330, true).isReferenceClock()).isFalse();
        assertThat(ReferenceId.LOCAL.isReferenceClock()).isFalse();
        assertThat(ReferenceId.NONE.isReferenceClock()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "PHC00", "P C", "é"})
    void aBadNameIsRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReferenceId.ofClock(name))
                .withMessage("reference id '" + name + "' must be 1 to 4 printable ASCII characters, such as PHC0");
    }
}
