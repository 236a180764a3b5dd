/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/** How other processes ask this one for the time, and how this one asks them. */
@NullMarked
package io.clockbound.transport;

import org.jspecify.annotations.NullMarked;
