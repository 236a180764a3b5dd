/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/** Hosts whose clocks are apart order transactions and share leases; a checker judges what they did. */
@NullMarked
package io.clockbound.it.order;

import org.jspecify.annotations.NullMarked;
