/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/** Writers of segments that are killed at random points. */
@NullMarked
package io.clockbound.it.kill;

import org.jspecify.annotations.NullMarked;
