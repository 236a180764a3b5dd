/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/** Decoders under coverage-guided fuzzing: the targets are beside the decoders, what runs them is here. */
@NullMarked
package io.clockbound.it.fuzz;

import org.jspecify.annotations.NullMarked;
