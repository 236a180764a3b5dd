/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/** A daemon and its clients for as long as one likes, while everything around them fails again and again. */
@NullMarked
package io.clockbound.it.soak;

import org.jspecify.annotations.NullMarked;
