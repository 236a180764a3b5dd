/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/** What a provider of time, or of a reference clock's error, implements. */
@NullMarked
package io.clockbound.spi;

import org.jspecify.annotations.NullMarked;
