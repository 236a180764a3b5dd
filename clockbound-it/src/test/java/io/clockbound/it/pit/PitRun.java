/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.pit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The program behind {@code clockbound-it/pit}: compares the mutants that survived with those that are explained. Exit codes: 0
 * each survivor is explained, 1 one is not.
 */
final class PitRun {

    private PitRun() {}

    /** Takes the root of the project, and the modules whose reports are there. */
    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments[0]);
        List<Survivor> explained = Survivor.explained(root.resolve("clockbound-it/pit-survivors.txt"));
        List<Survivor> gone = new ArrayList<>(explained);
        int unexplained = 0;
        for (int i = 1; i < arguments.length; i++) {
            Path module = root.resolve(arguments[i]);
            Path report = module.resolve("target/pit-reports/mutations.xml");
            List<Survivor> survivors = Survivor.reported(report, module.resolve("src/main/java"));
            for (Survivor survivor : survivors) {
                if (!gone.remove(survivor)) {
                    System.out.println("NOT EXPLAINED: " + survivor);
                    unexplained++;
                }
            }
            System.out.println(
                    arguments[i] + ": " + Survivor.count(report) + " mutants, " + survivors.size() + " survived");
        }
        gone.forEach(survivor -> System.out.println("explained, but did not survive: " + survivor));
        System.exit(unexplained == 0 ? 0 : 1);
    }
}
