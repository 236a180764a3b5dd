/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound;

/**
 * A change of a clock's status. Immutable.
 *
 * @param was the status before
 * @param is the status since
 * @param why why it is, for people to read; without trust with the remedy
 */
public record StatusChange(ClockStatus was, ClockStatus is, String why) {}
