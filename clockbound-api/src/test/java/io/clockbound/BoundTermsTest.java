/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class BoundTermsTest {

    private static final long SECOND = 1_000_000_000;

    @Test
    void theTermsAddUpToTheHalfWidthThatReadersHave() {
        BoundTerms terms = new BoundTerms(1, OptionalLong.of(20), 300, 4_000, 50_000, 600_000);
        assertThat(terms.sumNanos()).isEqualTo(654_321);
        ClockErrorBound published =
                new ClockErrorBound(0, 9 * SECOND, 0, 654_321 + 7_000_000, 1_000, ClockStatus.SYNCHRONIZED, 0, null);
        assertThat(terms.byNameAt(published, 2 * SECOND))
                .containsExactly(
                        entry("measurement", 1L),
                        entry("reference", 20L),
                        entry("age", 300L),
                        entry("earlier", 4_000L),
                        entry("correction", 50_000L),
                        entry("comparison", 600_000L),
                        entry("unseen", 7_000_000L),
                        entry("growth", 2_000L));
    }
}
