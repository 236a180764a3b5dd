/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.spi;

import java.util.List;
import java.util.Map;

/**
 * An exchangeable part, found with {@link java.util.ServiceLoader}.
 *
 * <p>An implementation has a public constructor without parameters that does no work.
 *
 * @param <S> the kind of service
 */
public interface Service<S extends Service<S>> {

    /** Returns the name by which an operator chooses this service: lower case, unique among the installed ones. */
    String name();

    /**
     * Returns a copy with these settings; what they leave out keeps its default.
     *
     * @throws IllegalArgumentException when a setting is unknown or its value is bad; it names the value and the rule
     */
    S with(Map<String, String> settings);

    /**
     * Looks for what would keep this service from working here and now: a missing directory, an unknown name. Starts nothing,
     * leaves nothing behind, and returns within seconds.
     *
     * @return the problems, each as one sentence that names the setting, the rule and the remedy
     */
    default List<String> problems() {
        return List.of();
    }
}
