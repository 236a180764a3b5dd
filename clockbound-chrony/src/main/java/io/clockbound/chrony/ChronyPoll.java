/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import io.clockbound.spi.Basis;
import io.clockbound.spi.ClockSnapshot;
import io.clockbound.spi.EstimateOnly;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What chronyd is asked in one poll: TRACKING, the source that the clock follows, and TRACKING again. Only what was said
 * between two equal estimates belongs together, for the measurement is told for the estimate as it is at that moment.
 *
 * <p>For one thread. It remembers which source was selected, which saves asking for all of them.
 */
final class ChronyPoll {

    /** How often an update may come in between. chronyd makes one per measurement; asking takes less than a millisecond. */
    private static final int ATTEMPTS = 4;

    /** More than a slew moves the correction within a poll, which takes less than a second. */
    private static final double MOST_SLEWED_SECONDS = 0.1;

    private int likelyIndex;

    /** The source that the clock follows, and whether others are heard. */
    private record Followed(SourceData source, boolean areOthersHeard) {}

    /**
     * Asks, and returns what chronyd says.
     *
     * @throws IOException when a reply is missing or cannot be used
     */
    ClockSnapshot ask(Exchange chronyd) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Tracking before = Tracking.decode(chronyd.ask(Request.TRACKING));
            if (!before.followsSource()) {
                return before.toSnapshot(new EstimateOnly("chronyd follows no source"));
            }
            Followed followed;
            try {
                followed = followed(chronyd);
            } catch (ChronyRefusal e) {
                return before.toSnapshot(new EstimateOnly("chronyd does not tell what it measures (" + e.getMessage()
                        + "): in chrony.conf, 'opencommands' has to list sources and tracking"));
            }
            Tracking after = Tracking.decode(chronyd.ask(Request.TRACKING));
            if (after.isSameEstimateAs(before, MOST_SLEWED_SECONDS)) {
                return after.toSnapshot(basis(after, followed));
            }
        }
        throw new ChronyProtocolException(
                "chronyd changed its estimate between two questions, " + ATTEMPTS + " times in a row");
    }

    private static Basis basis(Tracking tracking, @Nullable Followed followed) throws ChronyProtocolException {
        if (followed == null) {
            return new EstimateOnly("chronyd has selected none of its sources, though it says that it is synchronised:"
                    + " 'chronyc sources' shows them; none may answer, or none may be good enough");
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
