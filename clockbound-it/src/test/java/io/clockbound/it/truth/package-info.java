/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/** The promise: whenever the status is trusted, true time lies inside the interval. */
@NullMarked
package io.clockbound.it.truth;

import org.jspecify.annotations.NullMarked;
