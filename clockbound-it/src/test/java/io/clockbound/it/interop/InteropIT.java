/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clockbound.ClockStatus;
import io.clockbound.it.Deadline;
import io.clockbound.it.Prerequisites;
import io.clockbound.it.SecludedProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our daemon and clients beside those that AWS published, on one chronyd, at the same instants. */
@Tag("interop")
class InteropIT {

    private static final boolean IS_FULL = "full".equals(System.getProperty("clockbound.it.length"));

    private static final int OURS = 2;

    @TempDir
    private static Path directory;

    @BeforeAll
    static void require() throws Exception {
        Prerequisites.require();
        Prerequisites.requireInterop();
        Crates.datagramDaemon();
        Crates.segmentDaemon();
        Crates.buildReaders();
    }

    @Test
    void allClientsReadAllDaemonsWithNothingToCorrect() throws Exception {
        allClientsReadAllDaemons("nothing to correct");
    }

    /** True time is then at the edge of every interval that lies around the wall clock. */
    @Test
    void allClientsReadAllDaemonsWithAWallClockFastBy20Ms() throws Exception {
        allClientsReadAllDaemons("wall clock fast by 20 ms", "doffset", "0.02");
    }

    /** chronyd loses its server, then dies. */
    @Test
    void allClientsLearnThatTheClockIsNoLongerTrusted() throws Exception {
        try (InteropStage stage = InteropStage.set(directory)) {
            stage.startOurs();
            List<SecludedProcess> ofOurs = readersOfOurs(stage);
            stage.awaitEach(ofOurs, PeerReading::isTrusted);
            stage.startTheirs();
            List<SecludedProcess> readers = new ArrayList<>(ofOurs);
            readers.addAll(readersOfTheirs(stage));
            stage.awaitEach(readers, PeerReading::isTrusted);
            stage.startJudging();
            stage.go(2);
            stage.chronyd().chronyc("offline");
            stage.awaitEach(ofOurs, reading -> reading.status() == ClockStatus.FREE_RUNNING);
            stage.go(2);
            stage.chronyd().kill();
            stage.awaitEach(readers, reading -> reading.status() == ClockStatus.UNKNOWN);
            List<PeerVerdict> verdicts = stage.judge(readers);
            PeerVerdict.report("chronyd loses its server and dies", verdicts);
            verdicts.subList(0, ofOurs.size()).forEach(PeerVerdict::requireTruth);
            assertThat(verdicts.subList(0, ofOurs.size()))
                    .allSatisfy(verdict -> assertThat(verdict.verdict().statuses())
                            .containsExactly(ClockStatus.SYNCHRONIZED, ClockStatus.FREE_RUNNING, ClockStatus.UNKNOWN));
        }
    }

    /** chronyd's offset is a mean over its servers, its delay and its dispersion are those of one. */
    @Test
    void combinedServersPutTrueTimeOutsideTheIntervalsOfOthersAndNotOfOurs() throws Exception {
        List<String> sources = List.of(late("127.0.0.2", ""), late("127.0.0.3", " offline"));
        try (InteropStage stage = InteropStage.set(directory, sources, Map.of("127.0.0.2", 10, "127.0.0.3", 25))) {
            stage.server().chronyc("doffset", "0.05");
            List<SecludedProcess> readers = readersOfEach(stage);
            stage.chronyd().chronyc("online");
            Deadline.await(
                    () -> "servers that are combined",
                    () -> stage.chronyd().chronyc("-c", "sources").contains("^,+,127.0.0.3,"));
            stage.startJudging();
            stage.go(IS_FULL ? 60 : 10);
            List<SecludedProcess> ofTheirs = readers.subList(OURS, readers.size());
            Deadline.await(
                    () -> "misses of each of theirs",
                    () -> stage.judge(ofTheirs).stream()
                            .allMatch(verdict -> verdict.verdict().misses() > 0));
            requireTruthOfOurs("two servers, 10 and 25 ms late, combined", stage, readers);
        }
    }

    /** chronyd before 4.7 forgets the step that it could not make, until it measures again. */
    @Test
    void aStepByHandLeavesTrueTimeInsideOurIntervals() throws Exception {
        List<String> sources = List.of("server 127.0.0.1 minpoll 1 maxpoll 1 iburst");
        try (InteropStage stage = InteropStage.set(directory, sources, Map.of())) {
            stage.server().chronyc("doffset", "-0.3");
            List<SecludedProcess> readers = readersOfEach(stage);
            stage.startJudging();
            for (int i = 0; i < (IS_FULL ? 20 : 4); i++) {
                assertThatThrownBy(() -> stage.chronyd().chronyc("makestep")).hasMessageContaining("500 Failure");
                stage.go(3);
            }
            requireTruthOfOurs("makestep by hand", stage, readers);
        }
    }

    private static String late(String address, String options) {
        return "server " + address + " port " + LatePath.PORT + " minpoll -2 maxpoll -2 iburst" + options;
    }

    /** Starts all daemons and a reader or two of each, {@link #OURS} of ours first, and waits until all trust their clock. */
    private static List<SecludedProcess> readersOfEach(InteropStage stage) throws Exception {
        stage.startOurs();
        Path shm0 = stage.ourSegments().resolve("shm0");
        List<SecludedProcess> readers = new ArrayList<>(List.of(
                stage.readWithOurs("shared memory of ours", "shm", shm0.toString()),
                stage.read("clock-bound-client 2.0.3 of ours", "segment2", shm0)));
        stage.awaitEach(readers, PeerReading::isTrusted);
        stage.startTheirs();
        readers.add(stage.read(
                "clock-bound-c 0.1.1 of 0.1.4", "datagram", stage.theirSockets().resolve("clockboundd.sock")));
        readers.add(stage.read("clock-bound-client 2.0.3 of 2.0.3", "segment2", stage.theirSegment()));
        stage.awaitEach(readers, PeerReading::isTrusted);
        return readers;
    }

    private static void requireTruthOfOurs(String title, InteropStage stage, List<SecludedProcess> readers)
            throws Exception {
        List<PeerVerdict> verdicts = stage.judge(readers);
        PeerVerdict.report(title, verdicts);
        assertThat(verdicts)
                .allSatisfy(verdict -> assertThat(verdict.verdict().trusted())
                        .as(verdict.row())
                        .isGreaterThan(500));
        assertThat(verdicts.subList(0, OURS))
                .allSatisfy(verdict -> assertThat(verdict.verdict().misses())
                        .as(verdict.name() + verdict.verdict().firstMisses())
                        .isZero());
    }

    private static void allClientsReadAllDaemons(String title, String... bend) throws Exception {
        try (InteropStage stage = InteropStage.set(directory)) {
            if (bend.length > 0) {
                stage.server().chronyc(bend);
            }
            stage.startOurs();
            List<SecludedProcess> ofOurs = readersOfOurs(stage);
            stage.awaitEach(ofOurs, PeerReading::isTrusted);
            stage.startTheirs();
            List<SecludedProcess> readers = new ArrayList<>(ofOurs);
            readers.addAll(readersOfTheirs(stage));
            stage.awaitEach(readers, PeerReading::isTrusted);
            stage.startJudging();
            stage.go(IS_FULL ? 60 : 10);
            List<PeerVerdict> verdicts = stage.judge(readers);
            PeerVerdict.report(title, verdicts);
            verdicts.forEach(PeerVerdict::requireAgreement);
            // of theirs, 2.0.3 is free running whenever an update is late by a moment
            List<PeerVerdict> ours = verdicts.subList(0, ofOurs.size());
            ours.forEach(PeerVerdict::requireTruth);
            assertThat(ours)
                    .allSatisfy(verdict ->
                            assertThat(verdict.verdict().statuses()).containsExactly(ClockStatus.SYNCHRONIZED));
        }
    }

    private static List<SecludedProcess> readersOfOurs(InteropStage stage) throws IOException {
        String shm0 = stage.ourSegments().resolve("shm0").toString();
        return new ArrayList<>(List.of(
                stage.read(
                        "clock-bound-c 0.1.1 of ours",
                        "datagram",
                        stage.ourSockets().resolve("clockboundd.sock")),
                stage.read(
                        "clock-bound-client 1.0.0 of ours",
                        "segment1",
                        stage.ourSegments().resolve("shm")),
                stage.read("clock-bound-client 2.0.3 of ours", "segment2", Path.of(shm0)),
                stage.read("C interface 2.0.3 of ours", "segment", Path.of(shm0)),
                stage.readWithOurs("shared memory of ours", "shm", shm0)));
    }

    private static List<SecludedProcess> readersOfTheirs(InteropStage stage) throws IOException {
        Path socket = stage.theirSockets().resolve("clockboundd.sock");
        return List.of(
                stage.read("clock-bound-c 0.1.1 of 0.1.4", "datagram", socket),
                stage.read("clock-bound-client 2.0.3 of 2.0.3", "segment2", stage.theirSegment()),
                stage.readWithOurs("our datagram client of 0.1.4", "datagram", socket.toString()),
                stage.readWithOurs(
                        "our shared memory of 2.0.3",
                        "shm",
                        stage.theirSegment().toString()),
                stage.readWithOurs("our connect() of 0.1.4", "connect", stage.theirSockets() + ",/nowhere"),
                stage.readWithOurs(
                        "our connect() of 2.0.3",
                        "connect",
                        "/nowhere," + stage.theirSegment().getParent()));
    }
}
