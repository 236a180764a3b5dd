/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/**
 * Order without messages: leases, commit timestamps, a hybrid logical clock and ages, all on a {@link
 * io.clockbound.BoundedClock}.
 *
 * <p>{@link io.clockbound.order.HybridTimestamp}, {@link io.clockbound.order.Lease}, {@link
 * io.clockbound.order.ReadInterval} and {@link io.clockbound.order.Freshness} are values; the first two are what a
 * caller stores. {@link io.clockbound.order.CommitTimestamps} and {@link io.clockbound.order.HybridClock} have state,
 * one number each, and live as long as the process. Nothing here does I/O or has a thread.
 *
 * <p>All of it rests on one promise: true time lies inside each interval that the clock gives with trust. Without trust
 * each of them refuses; none falls back to the wall clock.
 */
@NullMarked
package io.clockbound.order;

import org.jspecify.annotations.NullMarked;
