/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/** What threads may see of each other: programs that jcstress runs, and {@code clockbound-it/reorder} starts. */
@NullMarked
package io.clockbound.it.memory;

import org.jspecify.annotations.NullMarked;
