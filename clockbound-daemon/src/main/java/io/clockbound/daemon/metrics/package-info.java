/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/** Metrics and health of the daemon, over HTTP. */
@NullMarked
package io.clockbound.daemon.metrics;

import org.jspecify.annotations.NullMarked;
