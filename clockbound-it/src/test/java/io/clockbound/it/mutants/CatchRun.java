/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.mutants;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.clockbound.it.sim.SimulatedSeed;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Runs what has to notice a mutant. Exit codes: 0 it noticed, 1 it did not, anything else is a failure of the run. */
final class CatchRun {

    private static final String SEED = "seed ";

    private CatchRun() {}

    public static void main(String[] arguments) throws Exception {
        System.exit(notices(arguments[0]) ? 0 : 1);
    }

    private static boolean notices(String what) throws Exception {
        if (what.startsWith(SEED)) {
            return SimulatedSeed.fails(Long.parseLong(what.substring(SEED.length())));
        }
        List<DiscoverySelector> selectors = new ArrayList<>();
        for (Method method : methods(what)) {
            selectors.add(selectMethod(method.getDeclaringClass(), method));
        }
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectors)
                                .build(),
                        listener);
        if (listener.getSummary().getTestsFoundCount() == 0) {
            throw new IllegalStateException("no test was run: " + what);
        }
        return listener.getSummary().getTotalFailureCount() > 0;
    }

    /** Returns the methods that are named; none when there is no such test. */
    static List<Method> methods(String what) throws ClassNotFoundException {
        int sharp = what.indexOf('#');
        Class<?> test = Class.forName(what.substring(0, sharp));
        List<Method> found = new ArrayList<>();
        for (Method method : test.getDeclaredMethods()) {
            if (method.getName().equals(what.substring(sharp + 1))) {
                found.add(method);
            }
        }
        return found;
    }
}
