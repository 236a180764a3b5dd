/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/** The program {@code clockboundctl}. */
@NullMarked
package io.clockbound.daemon.ctl;

import org.jspecify.annotations.NullMarked;
