/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

import io.clockbound.spi.ReferenceId;
import io.clockbound.spi.SourceState;
import java.util.List;
import java.util.Optional;

/**
 * What the time source said of all its sources when it was asked last. For people: no bound rests on it. Immutable.
 *
 * @param sources the sources; empty when the time source does not tell them
 * @param correctionNanos what had to be added to the wall clock then to reach the time source's estimate, to which the offsets of
 *     their measurements are relative
 * @param askedNanos monotonic time of the question
 */
public record SourceList(List<SourceState> sources, long correctionNanos, long askedNanos) {

    /** Makes the list unmodifiable. */
    public SourceList {
        sources = List.copyOf(sources);
    }

    /** Returns the source that the clock follows. */
    public Optional<SourceState> followed() {
        return sources.stream()
                .filter(source -> source.role() == SourceState.Role.FOLLOWED)
                .findFirst();
    }

    /** Returns how many of them replied to any of the last eight requests. */
    public int heard() {
        return (int) sources.stream().filter(SourceState::isHeard).count();
    }

    /** Returns the address or name of the source with this id; the id itself where no source has it. */
    public String nameOf(ReferenceId id) {
        return sources.stream()
                .filter(source -> source.id().equals(id) && !id.equals(ReferenceId.NONE))
                .map(SourceState::name)
                .findFirst()
                .orElse(id.toString());
    }
}
