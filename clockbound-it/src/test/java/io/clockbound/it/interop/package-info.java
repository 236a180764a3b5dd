/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/** The daemon and the library beside those that AWS published. */
@NullMarked
package io.clockbound.it.interop;

import org.jspecify.annotations.NullMarked;
