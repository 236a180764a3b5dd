/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it;

import java.util.Set;
import java.util.TreeSet;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Says in one line, after the last test, what this machine lacks for those that were skipped. */
public final class SkippedTests implements TestExecutionListener {

    private final Set<String> reasons = new TreeSet<>();

    @Override
    public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
            result.getThrowable()
                    .map(Throwable::getMessage)
                    .map(message -> message.replaceFirst("^Assumption failed: ", ""))
                    .ifPresent(reasons::add);
        }
    }

    @Override
    public synchronized void testPlanExecutionFinished(TestPlan plan) {
        if (!reasons.isEmpty()) {
            System.out.println(
                    "Tests were skipped: " + String.join("; ", reasons)
                            + ". CONTRIBUTING.md lists what each kind of test needs; -Dclockbound.it.required=true fails instead.");
        }
    }
}
