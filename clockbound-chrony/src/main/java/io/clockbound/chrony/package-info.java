/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/** chronyd as time source, asked by its command protocol over UDP or its Unix socket. */
@NullMarked
package io.clockbound.chrony;

import org.jspecify.annotations.NullMarked;
