/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HybridTimestampTest {

    private static final long NOON = 1_772_366_400_000_000_000L;

    @Test
    void itsTextIsAnIsoInstantWithNineDecimals() {
        assertThat(new HybridTimestamp(NOON)).hasToString("2026-03-01T12:00:00.000000000Z");
        assertThat(new HybridTimestamp(NOON + 120)).hasToString("2026-03-01T12:00:00.000000120Z");
        assertThat(new HybridTimestamp(0)).hasToString("1970-01-01T00:00:00.000000000Z");
        assertThat(new HybridTimestamp(Long.MAX_VALUE - 1)).hasToString("2262-04-11T23:47:16.854775806Z");
    }

    @Test
    void everyEncodingSortsAsTheTimestampsDo() {
        List<HybridTimestamp> sorted = timestamps().sorted().toList();
        assertThat(sorted).isSortedAccordingTo(Comparator.comparing(HybridTimestamp::toString));
        assertThat(sorted).isSortedAccordingTo(Comparator.comparingLong(HybridTimestamp::epochNanos));
        assertThat(sorted)
                .isSortedAccordingTo((a, b) -> Long.compareUnsigned(a.epochNanos(), b.epochNanos()))
                .isSortedAccordingTo((a, b) -> Arrays.compareUnsigned(bytes(a), bytes(b)));
        assertThat(sorted.get(0).isBefore(sorted.get(1))).isTrue();
        assertThat(sorted.get(1).isBefore(sorted.get(1))).isFalse();
        assertThat(sorted.get(1).isBefore(sorted.get(0))).isFalse();
    }

    @Test
    void everyEncodingGivesBackTheTimestamp() {
        assertThat(timestamps()).allSatisfy(timestamp -> {
            assertThat(HybridTimestamp.parse(timestamp.toString())).isEqualTo(timestamp);
            assertThat(new HybridTimestamp(timestamp.epochNanos())).isEqualTo(timestamp);
            assertThat(HybridTimestamp.of(timestamp.instant())).isEqualTo(timestamp);
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE})
    void aNumberOutsideTheRangeIsRefused(long nanos) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HybridTimestamp(nanos))
                .withMessageContaining(nanos + " ns is not between 0 and 9223372036854775806");
    }

    @Test
    void anInstantOutsideTheRangeIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> HybridTimestamp.of(Instant.MIN));
        assertThatIllegalArgumentException().isThrownBy(() -> HybridTimestamp.of(Instant.MAX));
        assertThatIllegalArgumentException().isThrownBy(() -> HybridTimestamp.of(Instant.EPOCH.minusNanos(1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "2026-03-01T12:00:00Z",
                "2026-03-01T12:00:00.5Z",
                "2026-03-01t12:00:00.000000000z",
                "2026-03-01T12:00:00.0000000000Z",
                "2026-03-01T13:00:00.000000000+01:00",
                "2026-06-30T23:59:60.000000000Z",
                " 2026-03-01T12:00:00.000000000Z",
                "1969-12-31T23:59:59.999999999Z",
                "+10000-01-01T00:00:00.000000000Z",
                "2262-04-11T23:47:16.854775807Z"
            })
    void anyOtherTextIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> HybridTimestamp.parse(text));
    }

    @Test
    void theRefusalOfATextNamesItAndTheForm() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HybridTimestamp.parse("2026-03-01T12:00:00Z"))
                .withMessageContaining("\"2026-03-01T12:00:00Z\"")
                .withMessageContaining("nine digits");
    }

    private static byte[] bytes(HybridTimestamp timestamp) {
        return ByteBuffer.allocate(Long.BYTES).putLong(timestamp.epochNanos()).array();
    }

    private static Stream<HybridTimestamp> timestamps() {
        LongStream near = LongStream.range(NOON - 20, NOON + 20);
        LongStream ends = LongStream.of(0, 1, 999_999_999, 1_000_000_000, Long.MAX_VALUE - 2, Long.MAX_VALUE - 1);
        LongStream anywhere = new Random(1).longs(1_000, 0, Long.MAX_VALUE);
        return Stream.of(near, ends, anywhere).flatMap(LongStream::boxed).map(HybridTimestamp::new);
    }
}
