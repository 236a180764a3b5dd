/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.spi;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The installed services of each kind. */
public final class Services {

    private Services() {}

    /**
     * Returns the installed services of a kind, in the order of their names.
     *
     * @throws IllegalArgumentException when two of them have the same name
     */
    public static <S extends Service<S>> List<S> all(Class<S> kind) {
        List<S> found = new ArrayList<>();
        ServiceLoader.load(kind).forEach(found::add);
        found.sort(Comparator.comparing(Service::name));
        for (int i = 1; i < found.size(); i++) {
            S first = found.get(i - 1);
            S second = found.get(i);
            if (first.name().equals(second.name())) {
                throw new IllegalArgumentException("two services of kind " + kind.getSimpleName() + " are named '"
                        + first.name() + "': " + first.getClass().getName() + " and "
                        + second.getClass().getName() + "; remove the jar of one");
            }
        }
        return found;
    }

    /**
     * Returns the installed service of that kind and name.
     *
     * @throws IllegalArgumentException when there is none; it lists the names that there are
     */
    public static <S extends Service<S>> S named(Class<S> kind, String name) {
        List<S> installed = all(kind);
        return installed.stream()
                .filter(service -> service.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no " + words(kind) + " is named '" + name
                        + (installed.isEmpty()
                                ? "', and none is installed: add the jar that has it, such as clockbound-" + name
                                : "'; installed: "
                                        + installed.stream().map(Service::name).collect(Collectors.joining(", ")))));
    }

    /** Returns the name of a type as people write it: "time source" for TimeSource. */
    private static String words(Class<?> kind) {
        return kind.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }

    /**
     * Checks that a service knows every one of its settings.
     *
     * @throws IllegalArgumentException when it does not; it lists the known ones
     */
    public static void requireKnown(String service, Map<String, String> settings, Collection<String> known) {
        for (String key : settings.keySet()) {
            if (!known.contains(key)) {
                throw new IllegalArgumentException("'" + key + "' is no setting of " + service + "; it has "
                        + (known.isEmpty() ? "none" : String.join(", ", new TreeSet<>(known))));
            }
        }
    }
}
