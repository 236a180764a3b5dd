/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/**
 * The distribution as its users meet it: its programs as processes, beside real chronyds. Each package below this one tells
 * one story; this one has what several of them need.
 */
@NullMarked
package io.clockbound.it;

import org.jspecify.annotations.NullMarked;
