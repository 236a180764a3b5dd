/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/** The daemon {@code clockboundd} and the control command {@code clockboundctl}. */
@NullMarked
package io.clockbound.daemon;

import org.jspecify.annotations.NullMarked;
