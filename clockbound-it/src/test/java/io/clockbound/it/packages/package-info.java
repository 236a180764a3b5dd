/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/** The packages, the archive and the documents as an administrator uses them. */
@NullMarked
package io.clockbound.it.packages;

import org.jspecify.annotations.NullMarked;
