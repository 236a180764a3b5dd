/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/** Mutants of the rules: each is wrong in one place, and a named test or seed has to notice. */
@NullMarked
package io.clockbound.it.mutants;

import org.jspecify.annotations.NullMarked;
