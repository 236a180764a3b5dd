/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockbound.Witness;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each rule by a history that breaks it alone. True time is the monotonic clock plus 1000. */
class VerdictIT {

    private static final Witness TRUTH = new Witness(1_000, 0, 0);

    /** Two hosts, each of which commits once and acts once, in order. */
    private static final List<String> SOUND = List.of(
            "commit a 0 10 12 50 100 1005 1030 1030 1=0 2=0",
            "commit b 95 105 108 50 200 1100 1131 1131 2=1030 3=0",
            "hand-over a 7 2",
            "act a 7 2 10 20",
            "hand-over b 7 3",
            "act b 7 3 30 40");

    @TempDir
    private Path directory;

    @Test
    void aSoundHistoryBreaksNoRule() throws Exception {
        Verdict verdict = verdict(SOUND);
        assertThat(verdict.violations()).isZero();
        assertThat(verdict.misses()).isEmpty();
        assertThat(verdict.history().commits()).hasSize(2);
        assertThat(verdict.history().handOvers()).hasSize(2);
        assertThat(verdict.history().acts()).hasSize(2);
        assertThat(verdict.millis(0, History.Commit::latencyNanos)).isEqualTo(100e-6);
    }

    @Test
    void whatAHostWritesIsWhatIsRead() throws Exception {
        Path file = directory.resolve("copy");
        try (History.Writer writer = new History.Writer(file)) {
            History sound = verdict(SOUND).history();
            sound.commits().forEach(writer::add);
            sound.handOvers().forEach(writer::add);
            sound.acts().forEach(writer::add);
        }
        assertThat(Files.readAllLines(file)).containsExactlyInAnyOrderElementsOf(SOUND);
        assertThatThrownBy(() -> verdict(List.of("act a 7"))).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> verdict(List.of("acted a 7 2 10 20"))).hasMessageContaining("\"acted\"");
    }

    @Test
    void aTransactionThatBeganAfterAnotherWasVisibleHasAGreaterTimestamp() throws Exception {
        assertThat(verdict(with("commit c 101 102 103 0 150 1100 1110 1030 4=0"))
                        .realOrder())
                .singleElement()
                .asString()
                .contains("host=c", "host=a");
        assertThat(verdict(with("commit c 90 91 100 0 150 1090 1110 1031 4=0")).realOrder())
                .as("it began before the greater timestamp was visible")
                .isEmpty();
    }

    @Test
    void aVersionIsWrittenBeforeItIsReadAndOverwrittenOnce() throws Exception {
        assertThat(broken("commit c 201 202 203 0 250 1200 1210 1210 3=1111")).contains("nobody wrote");
        assertThat(broken("commit c 201 202 203 0 250 1200 1210 1210 2=1030")).contains("what another did");
        assertThat(broken("commit c 11 12 13 0 250 1012 1131 1131 3=1131")).contains("had before", "not later");
    }

    @Test
    void oneHostActsAtATime() throws Exception {
        assertThat(verdict(with("act c 7 4 40 50")).overlaps())
                .singleElement()
                .asString()
                .contains("holder=c");
        assertThat(verdict(with("act c 7 4 41 50")).overlaps()).isEmpty();
        assertThat(verdict(with("act c 8 4 40 50")).overlaps())
                .as("another job")
                .isEmpty();
        assertThat(verdict(with("act b 7 3 35 50")).overlaps())
                .as("the same host")
                .isEmpty();
    }

    @Test
    void anIntervalContainsTrueTime() throws Exception {
        assertThat(verdict(with("commit c 201 202 203 0 250 1204 1210 1210 4=0"))
                        .misses())
                .hasSize(1);
        assertThat(verdict(with("commit c 201 202 203 0 250 1190 1201 1201 4=0"))
                        .misses())
                .hasSize(1);
        assertThat(verdict(with("commit c 201 202 203 0 250 1203 1204 1204 4=0"))
                        .misses())
                .isEmpty();
    }

    private String broken(String line) throws Exception {
        return String.join("; ", verdict(with(line)).versions());
    }

    private static List<String> with(String line) {
        List<String> lines = new ArrayList<>(SOUND);
        lines.add(line);
        return lines;
    }

    private Verdict verdict(List<String> lines) throws Exception {
        return Verdict.of(History.read(List.of(Files.write(directory.resolve("history"), lines))), TRUTH);
    }
}
