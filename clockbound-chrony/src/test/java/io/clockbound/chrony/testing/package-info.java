/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/** Stand-ins for chronyd, and a real one, for the tests of whoever asks it. */
@NullMarked
package io.clockbound.chrony.testing;

import org.jspecify.annotations.NullMarked;
