/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.ctl;

import java.util.List;
import java.util.Map;

/**
 * A daemon's report, which may be of another version: what is not there is empty, or 0.
 *
 * @param members those of the JSON object
 */
record Report(Map<?, ?> members) {

    String text(String name) {
        Object value = members.get(name);
        return value == null ? "" : String.valueOf(value);
    }

    long number(String name) {
        return members.get(name) instanceof Long number ? number : 0;
    }

    boolean has(String name) {
        return members.containsKey(name);
    }

    boolean is(String name) {
        return Boolean.TRUE.equals(members.get(name));
    }

    Report object(String name) {
        return new Report(members.get(name) instanceof Map<?, ?> object ? object : Map.of());
    }

    /** Returns the objects in a list; what else is in it is left out. */
    List<Report> objects(String name) {
        return list(name).stream()
                .filter(item -> item instanceof Map<?, ?>)
                .map(item -> new Report((Map<?, ?>) item))
                .toList();
    }

    List<?> list(String name) {
        return members.get(name) instanceof List<?> list ? list : List.of();
    }
}
