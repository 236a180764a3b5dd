/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/** The servers by which other processes read the clock of this one, and the clients for the clocks of others. */
@NullMarked
package io.clockbound.transport;

import org.jspecify.annotations.NullMarked;
