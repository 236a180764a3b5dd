/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.SourceReply.Change;
import io.clockbound.spi.ReferenceId;
import io.clockbound.testing.FakeTimeSource;
import org.junit.jupiter.api.Test;

/** What happened to the estimate between two replies. */
class SourceReplyTest {

    private static final long SECOND = 1_000_000_000;

    private final FakeTimeSource source = new FakeTimeSource().lastUpdateInterval(16 * SECOND);
    private final SourceReply before = reply(0);

    @Test
    void theSameEstimateMayBeSlewedTowards() {
        source.correction(-100_000_000); // as far as Linux allows in a second
        assertThat(reply(SECOND).since(before)).isEqualTo(Change.NONE);
        source.correction(-130_000_000);
        assertThat(reply(SECOND).since(before)).isEqualTo(Change.BY_HAND);
    }

    @Test
    void anUpdateIsOneWhenTheLastTwoWereFurtherApartThanTheReplies() {
        source.update().lastOffset(7).lastUpdateInterval(2 * SECOND);
        assertThat(reply(SECOND).since(before)).isEqualTo(Change.ONE_UPDATE);
        source.lastUpdateInterval(SECOND);
        assertThat(reply(SECOND).since(before)).isEqualTo(Change.UNKNOWN);
    }

    @Test
    void theFirstUpdateSinceAStartIsPrecededByNoneThatIsKnown() {
        source.update().lastUpdateInterval(0);
        assertThat(reply(SECOND).since(before)).isEqualTo(Change.UNKNOWN);
    }

    @Test
    void aReferenceTimeThatMovedWithoutAMeasurementWasMovedByHand() {
        source.moveByHand(5_000_000);
        assertThat(reply(SECOND).since(before)).isEqualTo(Change.BY_HAND);
        source.measure();
        assertThat(reply(SECOND).since(before)).isNotEqualTo(Change.BY_HAND);
    }

    /** An update would have changed at least one statistic; one whose offset is always 0 may come from a source without any. */
    @Test
    void aReferenceTimeThatMovedWithoutAnUpdateWasMovedByHandThoughTheSourceHasMeasured() {
        source.lastOffset(-37_000_000);
        SourceReply offset = reply(0);
        source.moveByHand(32_000).measure();
        assertThat(reply(SECOND).since(offset)).isEqualTo(Change.BY_HAND);
    }

    @Test
    void anotherReferenceCannotBeCompared() {
        source.reference(ReferenceId.ofClock("GPS"));
        assertThat(reply(SECOND).since(before)).isEqualTo(Change.UNKNOWN);
        assertThat(reply(SECOND).isNewMeasurementSince(before)).isTrue();
        assertThat(reply(SECOND).since(null)).isEqualTo(Change.UNKNOWN);
    }

    @Test
    void aMeasurementIsNewByItsIdAndAnEstimateByItsReferenceTime() {
        assertThat(reply(SECOND).isNewMeasurementSince(before)).isFalse();
        source.measure();
        assertThat(reply(SECOND).isNewMeasurementSince(before)).isTrue();
        source.estimateOnly("it does not tell");
        SourceReply estimate = reply(SECOND);
        assertThat(reply(SECOND).isNewMeasurementSince(estimate)).isFalse();
        source.update();
        assertThat(reply(SECOND).isNewMeasurementSince(estimate)).isTrue();
    }

    @Test
    void aSkewAtTheCeilingAfterSeveralUpdatesIsNotBecauseOfASingleOne() {
        source.skew(SECOND).lastUpdateInterval(1);
        assertThat(reply(0).refusal(false).orElseThrow()).contains("maxsamples").contains("maxupdateskew");
        assertThat(reply(0).isOfFirstUpdate()).isFalse();
        source.lastUpdateInterval(0);
        assertThat(reply(0).refusal(false)).isEmpty();
        assertThat(reply(0).isOfFirstUpdate()).isTrue();
    }

    private SourceReply reply(long nanos) {
        return new SourceReply(source.snapshot(), nanos, nanos);
    }
}
