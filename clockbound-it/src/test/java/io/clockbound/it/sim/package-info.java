/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/**
 * Simulated years: a chronyd that does what real ones were seen to do, the product's own code that polls it and serves what it
 * says, and true time beside them. Everything is drawn from a seed.
 */
@NullMarked
package io.clockbound.it.sim;

import org.jspecify.annotations.NullMarked;
