/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/** How long a good client waits beside each kind of bad one. */
@NullMarked
package io.clockbound.it.attack;

import org.jspecify.annotations.NullMarked;
