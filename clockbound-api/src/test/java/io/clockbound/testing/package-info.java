/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/** Clocks and time sources that do what a test tells them, for testing what reads bounded time. */
@NullMarked
package io.clockbound.testing;

import org.jspecify.annotations.NullMarked;
