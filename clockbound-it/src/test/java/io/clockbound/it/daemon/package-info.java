/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/** The daemon as a process: its command line, its signals, its log, its behaviour under load. */
@NullMarked
package io.clockbound.it.daemon;

import org.jspecify.annotations.NullMarked;
