/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/** How the programs write their log. */
@NullMarked
package io.clockbound.daemon.log;

import org.jspecify.annotations.NullMarked;
