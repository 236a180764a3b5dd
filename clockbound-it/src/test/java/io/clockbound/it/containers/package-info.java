/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/** The daemon and chronyd in containers. */
@NullMarked
package io.clockbound.it.containers;

import org.jspecify.annotations.NullMarked;
