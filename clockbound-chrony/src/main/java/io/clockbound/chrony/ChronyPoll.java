/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import io.clockbound.spi.Basis;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.EstimateOnly;
import io.clockbound.spi.ReferenceId;
import io.clockbound.spi.SourceState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks chronyd what it says of the clock (TRACKING) and what it measured (SOURCE_DATA of the source that it follows).
 *
 * <p>chronyd tells a measurement relative to its present estimate, and the two come in separate replies. A measurement
 * belongs to an estimate when it was told between two TRACKING replies that show that same estimate. Once proved, this
 * pair stays true for as long as chronyd tells both halves unchanged: the same estimate is the same reference for the
 * same number. A steady poll therefore asks two questions, SOURCE_DATA and TRACKING. When either half differs from the
 * pair of the poll before (an update, {@code doffset}, a new measurement, another source, a restart, another chronyd at
 * the address), the pair is proved anew, from the TRACKING reply just received: SOURCE_DATA and TRACKING are asked again
 * until two TRACKING replies in a row show the same estimate. How long ago the poll before was does not matter. A poll
 * that fails forgets the pair.
 *
 * <p>For one thread.
 */
final class ChronyPoll {

    /** How often to ask. chronyd updates its estimate once per measurement; asking takes less than a millisecond. */
    private static final int ATTEMPTS = 4;

    /** More than a slew moves the correction within a poll, which takes less than a second. */
    private static final double MAX_SLEWED_SECONDS = 0.1;

    private static final String NO_SOURCE = "chronyd follows no source";

    private int likelyIndex;
    private @Nullable Pair proved;
    private @Nullable Tracking told;

    /** The source that the clock follows, and whether others are heard. */
    private record Followed(SourceData source, boolean areOthersHeard) {}

    /** An estimate, and a measurement that was told relative to it. */
    private record Pair(Tracking tracking, SourceData source) {}

    /**
     * Asks, and returns what chronyd says.
     *
     * @throws IOException when a reply is missing or cannot be used
     */
    ClockSnapshot ask(Exchange chronyd) throws IOException {
        @Nullable Pair known = proved;
        proved = null;
        Tracking before = known == null ? tracking(chronyd) : known.tracking;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (!before.followsSource()) {
                boolean isLocal = before.reference().equals(ReferenceId.LOCAL);
                return before.toSnapshot(new EstimateOnly(isLocal ? NO_SOURCE : whyNoSourceIsFollowed(chronyd)));
            }
            @Nullable Followed followed;
            try {
                followed = followed(chronyd);
            } catch (ChronyRefusal e) {
                return tracking(chronyd)
                        .toSnapshot(new EstimateOnly("chronyd does not tell what it measures (" + e.getMessage()
                                + "): in chrony.conf, 'opencommands' has to list sources and tracking"));
            }
            Tracking after = tracking(chronyd);
            boolean isKnown = known == null || (followed != null && followed.source.isSameMeasurementAs(known.source));
            if (isKnown && after.isSameEstimateAs(before, MAX_SLEWED_SECONDS)) {
                ClockSnapshot snapshot = after.toSnapshot(basis(chronyd, after, followed));
                proved = followed == null ? null : new Pair(after, followed.source);
                return snapshot;
            }
            known = null; // from here on, before and after are replies of this poll
            before = after;
        }
        throw new ChronyProtocolException(
                "chronyd changed its estimate between two questions, " + ATTEMPTS + " times in a row");
    }

    private Tracking tracking(Exchange chronyd) throws IOException {
        Tracking tracking = Tracking.decode(chronyd.ask(Request.TRACKING));
        told = tracking;
        return tracking;
    }

    /** Returns the address of a server that it follows; the reference id of an IPv6 address tells nobody anything. */
    String nameOf(ReferenceId reference) {
        Tracking last = told;
        return last != null && reference.isServer() && last.reference().equals(reference)
                ? last.address().toString()
                : reference.toString();
    }

    /**
     * Returns what chronyd makes of its sources, none of which it follows: the reason that an operator looks for. Whatever comes
     * of asking for it, that it follows none ends the trust.
     */
    private static String whyNoSourceIsFollowed(Exchange chronyd) {
        List<SourceState> sources;
        try {
            sources = sources(chronyd);
        } catch (IOException e) {
            return NO_SOURCE; // its 'opencommands' have no sources, or it has fallen silent: the next poll tells
        }
        if (sources.isEmpty()) {
            return "chronyd has no source: chrony.conf names none, or none of its names is resolved yet";
        }
        Map<String, Long> counts = sources.stream()
                .collect(Collectors.groupingBy(ChronyPoll::whyNotFollowed, TreeMap::new, Collectors.counting()));
        return "chronyd follows none of its sources: "
                + counts.entrySet().stream()
                        .map(each -> each.getValue() + " " + each.getKey())
                        .collect(Collectors.joining(", "));
    }

    private static String whyNotFollowed(SourceState source) {
        return switch (source.role()) {
            case FALSETICKER -> "disagreeing (falsetickers)";
            case JITTERY -> "too jittery";
            case FOLLOWED, COMBINED, CANDIDATE, UNUSABLE -> {
                if (source.isHeardForLong()) {
                    yield "heard for long and not selected ('chronyc selectdata' tells why)";
                }
                yield source.isHeard() ? "heard, not selected yet" : "not heard";
            }
        };
    }

    private static Basis basis(Exchange chronyd, Tracking tracking, @Nullable Followed followed)
            throws ChronyProtocolException {
        if (followed == null) {
            return new EstimateOnly("chronyd says that it is synchronised, and " + whyNoSourceIsFollowed(chronyd));
        }
        SourceData source = followed.source;
        if (!source.is(tracking.reference(), tracking.address())) {
            return new EstimateOnly("chronyd has selected " + source.name() + ", and its estimate is still that of "
                    + (tracking.reference().isServer() ? tracking.address() : tracking.reference()));
        }
        if (source.sinceSampleSeconds() > SourceData.NEVER / 2) {
            return new EstimateOnly("chronyd has selected " + source.name() + ", of which it has no measurement");
        }
        return source.measurement(whyUnheard(followed));
    }

    private static Optional<String> whyUnheard(Followed followed) {
        if (followed.source.isHeard()) {
            return Optional.empty();
        }
        String name = followed.source.name();
        return Optional.of(
                followed.areOthersHeard
                        ? "chronyd still follows " + name
                                + ", which does not answer, while others do: 'chronyc reselect'"
                                + " makes it choose anew, 'chronyc reset sources' measure all of them anew"
                        : "no source of chronyd answers any more; it followed " + name);
    }

    /** Asks for the source that was selected last, and for all of them when it is that no longer or is not heard. */
    private @Nullable Followed followed(Exchange chronyd) throws IOException {
        @Nullable SourceData likely = source(chronyd, likelyIndex);
        if (likely != null && likely.isSelected() && likely.isHeard()) {
            return new Followed(likely, false);
        }
        int count = chronyd.ask(Request.N_SOURCES).getInt(0);
        List<SourceData> others = new ArrayList<>();
        @Nullable SourceData selected = null;
        for (int index = 0; index < count; index++) {
            SourceData source = source(chronyd, index);
            if (source != null && source.isSelected()) {
                selected = source;
                likelyIndex = index;
            } else if (source != null) {
                others.add(source);
            }
        }
        return selected == null ? null : new Followed(selected, others.stream().anyMatch(SourceData::isHeard));
    }

    /**
     * Asks for all sources, the followed one first.
     *
     * @throws IOException when a reply is missing or cannot be used
     */
    static List<SourceState> sources(Exchange chronyd) throws IOException {
        List<SourceState> sources = new ArrayList<>();
        int count = chronyd.ask(Request.N_SOURCES).getInt(0);
        for (int index = 0; index < count; index++) {
            SourceData source = source(chronyd, index);
            if (source != null) {
                sources.add(source.isSelected() ? 0 : sources.size(), source.toState());
            }
        }
        return sources;
    }

    /** Asks for a source; null when there is none of that number, for it may be gone since they were counted. */
    private static @Nullable SourceData source(Exchange chronyd, int index) throws IOException {
        try {
            return SourceData.decode(chronyd.ask(Request.sourceData(index)));
        } catch (ChronyRefusal e) {
            if (e.status() == ChronyRefusal.NO_SUCH_SOURCE) {
                return null;
            }
            throw e;
        }
    }
}
