/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/** Time as an interval that contains true time. */
@NullMarked
package io.clockbound;

import org.jspecify.annotations.NullMarked;
