/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/** Mutants of the bytecode, by PIT: each that no unit test notices has an explanation. */
@NullMarked
package io.clockbound.it.pit;

import org.jspecify.annotations.NullMarked;
