/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.truth;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.DynamicTest;

/** Plays scenarios, a few at a time, and judges each in a test of its own. */
public final class Plays {

    /** Two processors are enough for this many. */
    private static final int AT_A_TIME = 4;

    private Plays() {}

    /** Plays one scenario. */
    public interface Play<S> {
        Verdict of(S scenario) throws Exception;
    }

    /** Judges what came of it. */
    public interface Judge<S> {
        void of(S scenario, Verdict verdict);
    }

    /** Starts to play; the tests wait for what they judge. */
    public static <S> List<DynamicTest> tests(
            List<S> scenarios, Function<S, String> name, Play<S> play, Judge<S> judge) {
        ExecutorService stages = Executors.newFixedThreadPool(AT_A_TIME);
        List<DynamicTest> tests = new ArrayList<>();
        for (S scenario : scenarios) {
            Future<Verdict> verdict = stages.submit(() -> play.of(scenario));
            tests.add(dynamicTest(name.apply(scenario), () -> judge.of(scenario, result(verdict))));
        }
        stages.shutdown(); // after these
        return tests;
    }

    private static Verdict result(Future<Verdict> verdict) throws Exception {
        try {
            return verdict.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AssertionError failed) {
                throw failed;
            }
            throw e;
        }
    }
}
