/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.speed;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/** Several that do the same, each once a round, so that what disturbs the machine disturbs all of them. */
final class Contest {

    private final Map<String, Contestant> contestants = new LinkedHashMap<>();
    private final Map<String, List<Speed>> rounds = new LinkedHashMap<>();

    /** One of them: does it for a while and tells how fast it was. */
    interface Contestant {
        Speed go() throws Exception;
    }

    Contest add(String name, Contestant contestant) {
        contestants.put(name, contestant);
        rounds.put(name, new ArrayList<>());
        return this;
    }

    void round() throws Exception {
        for (Map.Entry<String, Contestant> each : contestants.entrySet()) {
            results(each.getKey()).add(each.getValue().go());
        }
    }

    boolean has(String name) {
        return contestants.containsKey(name);
    }

    Speed median(String name) {
        return Speed.median(results(name));
    }

    /** Returns what one is to another in the same round. */
    Figure ratio(String one, String other, ToDoubleFunction<Speed> number) {
        List<Speed> ones = results(one);
        List<Speed> others = results(other);
        double[] ratios = new double[ones.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = number.applyAsDouble(ones.get(i)) / number.applyAsDouble(others.get(i));
        }
        return Figure.of(ratios);
    }

    private List<Speed> results(String name) {
        return Objects.requireNonNull(rounds.get(name), name);
    }
}
