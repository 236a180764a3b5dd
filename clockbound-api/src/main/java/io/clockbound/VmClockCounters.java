/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

/**
 * The two counters of a VMClock page. Each changes when this machine's clock was disrupted, and either may change alone:
 * a restored snapshot need not change the disruption marker. Immutable.
 *
 * @param disruptionMarker changes when the clock was disrupted, for example by a live migration
 * @param generation changes when the machine was restored from a snapshot or cloned; 0 where the page has no such counter
 */
public record VmClockCounters(long disruptionMarker, long generation) {}
