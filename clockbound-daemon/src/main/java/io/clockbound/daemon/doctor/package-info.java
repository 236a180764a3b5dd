/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/** What is wrong with a set-up, and what mends it. A look is one method of a class whose name ends in Checks. */
@NullMarked
package io.clockbound.daemon.doctor;

import org.jspecify.annotations.NullMarked;
