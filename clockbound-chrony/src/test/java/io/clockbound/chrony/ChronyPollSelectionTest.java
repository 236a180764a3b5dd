/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import static io.clockbound.chrony.ScriptedExchange.FOLLOWED;
import static io.clockbound.chrony.ScriptedExchange.OTHER;
import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.chrony.testing.Answer;
import io.clockbound.chrony.testing.SourceReply;
import io.clockbound.chrony.testing.TrackingReply;
import io.clockbound.spi.ReferenceId;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** How a poll finds the source that the clock follows. */
class ChronyPollSelectionTest {

    private final ScriptedExchange chronyd = new ScriptedExchange();

    @Test
    void theSelectedSourceIsFoundByItsStateAndNotByItsNumber() throws IOException {
        chronyd.has(OTHER, OTHER, FOLLOWED.withMeasurement(1e-6, 4e-6), OTHER);
        assertThat(chronyd.measurement().offsetNanos()).isEqualTo(4_000);
        assertThat(chronyd.asked)
                .containsExactly(
                        "TRACKING",
                        "SOURCE_DATA 0",
                        "N_SOURCES",
                        "SOURCE_DATA 0",
                        "SOURCE_DATA 1",
                        "SOURCE_DATA 2",
                        "SOURCE_DATA 3",
                        "TRACKING");
    }

    @Test
    void aSourceThatIsCombinedWithTheSelectedOneIsNotFollowed() throws IOException {
        SourceReply combined = OTHER.withState(SourceReply.COMBINED);
        chronyd.has(combined, FOLLOWED.withMeasurement(1e-6, 4e-6), combined);
        assertThat(chronyd.measurement().offsetNanos()).isEqualTo(4_000);
    }

    @Test
    void theSourceThatWasSelectedLastIsAskedFirstAndOnlyIt() throws IOException {
        chronyd.has(OTHER, OTHER, FOLLOWED, OTHER);
        chronyd.poll();
        for (int poll = 0; poll < 10; poll++) {
            assertThat(chronyd.measurement().offsetNanos()).isZero();
            assertThat(chronyd.asked).containsExactly("SOURCE_DATA 2", "TRACKING");
        }
    }

    @Test
    void anotherChoiceOfChronydIsFound() throws IOException {
        chronyd.has(FOLLOWED, OTHER);
        chronyd.poll();
        chronyd.has(OTHER, FOLLOWED.withMeasurement(1e-6, 5e-6));
        assertThat(chronyd.measurement().offsetNanos()).isEqualTo(5_000);
        assertThat(chronyd.measurement().offsetNanos()).isEqualTo(5_000);
        assertThat(chronyd.asked).containsExactly("SOURCE_DATA 1", "TRACKING");
    }

    @Test
    void aSourceThatVanishesBetweenTwoQuestionsIsPassedOver() throws IOException {
        chronyd.has(OTHER, OTHER, FOLLOWED);
        chronyd.poll(); // and remembers number 2
        chronyd.has(OTHER, FOLLOWED); // number 0 was removed
        assertThat(chronyd.measurement().offsetNanos()).isZero();
        chronyd.has(OTHER, OTHER, OTHER, FOLLOWED.withMeasurement(1e-6, 6e-6), OTHER);
        chronyd.beforeReply = number -> {
            if (chronyd.asked.get(number - 1).equals("SOURCE_DATA 3")) { // two are removed after they were counted
                chronyd.has(OTHER, OTHER, FOLLOWED.withMeasurement(1e-6, 6e-6));
            }
        };
        assertThat(chronyd.measurement().offsetNanos()).isEqualTo(6_000);
    }

    @Test
    void fiveHundredSourcesAreAskedOnce() throws IOException {
        SourceReply[] many = new SourceReply[500];
        Arrays.fill(many, OTHER);
        many[499] = FOLLOWED.withMeasurement(1e-6, 8e-6);
        chronyd.has(many);
        assertThat(chronyd.measurement().offsetNanos()).isEqualTo(8_000);
        assertThat(chronyd.asked).hasSize(504);
        chronyd.poll();
        assertThat(chronyd.asked).hasSize(2);
    }

    @Test
    void allSourcesAreAskedOnceAndNoneBehindThem() throws IOException {
        chronyd.has(OTHER, FOLLOWED);
        assertThat(ChronyPoll.sources(chronyd)).hasSize(2);
        assertThat(chronyd.asked).containsExactly("N_SOURCES", "SOURCE_DATA 0", "SOURCE_DATA 1");
    }

    @Test
    void theServerThatIsFollowedIsNamedByItsAddressAndWhateverElseByItsId() throws IOException {
        ReferenceId followed = ScriptedExchange.TRACKING.reference();
        ReferenceId other = new ReferenceId(0x0A000002, true);
        ChronyPoll poll = new ChronyPoll();
        assertThat(poll.nameOf(followed)).isEqualTo("0A000001");
        chronyd.has(FOLLOWED);
        poll.ask(chronyd);
        assertThat(poll.nameOf(followed)).isEqualTo("10.0.0.1");
        assertThat(poll.nameOf(other)).isEqualTo("0A000002");
        assertThat(poll.nameOf(ReferenceId.ofClock("PHC0"))).isEqualTo("PHC0");
        chronyd.answer = Answer.tracking(TrackingReply.synchronizedTo(ReferenceId.ofClock("PHC0")));
        poll.ask(chronyd);
        assertThat(poll.nameOf(ReferenceId.ofClock("PHC0"))).isEqualTo("PHC0");
    }
}
