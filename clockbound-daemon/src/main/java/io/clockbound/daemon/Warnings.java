/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the log has warned of and what still holds, for the status report. Thread-safe. */
final class Warnings {

    /** Holds while the time source says so. */
    static final String OWN_CLOCK =
            "chronyd follows nothing but its own clock; the interval contains that clock's time";

    private final List<String> ofOptions;
    private final Map<String, String> byTopic = new LinkedHashMap<>();

    /**
     * Creates those of a start.
     *
     * @param ofOptions they hold as long as the daemon runs
     */
    Warnings(List<String> ofOptions) {
        this.ofOptions = List.copyOf(ofOptions);
    }

    /** Has a warning hold, in place of the one before on the same topic. */
    synchronized void hold(String topic, String text) {
        byTopic.put(topic, text);
    }

    /** Ends a warning; without one, nothing. */
    synchronized void end(String topic) {
        byTopic.remove(topic);
    }

    /** Returns those that hold. */
    synchronized List<String> all() {
        List<String> all = new ArrayList<>(ofOptions);
        all.addAll(byTopic.values());
        return all;
    }
}
