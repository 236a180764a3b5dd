/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/** Command line and configuration file of {@code clockboundd}. */
@NullMarked
package io.clockbound.daemon.config;

import org.jspecify.annotations.NullMarked;
