/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/** What a reading costs; {@link io.clockbound.it.speed.SpeedRun} prints the tables of docs/PERFORMANCE.md. */
@NullMarked
package io.clockbound.it.speed;

import org.jspecify.annotations.NullMarked;
