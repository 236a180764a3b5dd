/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/** What every transport has to keep, for its own tests and those of others. */
@NullMarked
package io.clockbound.transport.testing;

import org.jspecify.annotations.NullMarked;
