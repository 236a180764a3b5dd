/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/** A service to copy: {@link io.clockbound.it.sample.SampleService}. */
@NullMarked
package io.clockbound.it.sample;

import org.jspecify.annotations.NullMarked;
