/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/** A scripted chronyd and a real one, for tests of what asks it. */
@NullMarked
package io.clockbound.chrony.testing;

import org.jspecify.annotations.NullMarked;
