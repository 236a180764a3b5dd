/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/** {@code clockboundctl demo}, and the private chronyds that it and the tests run. */
@NullMarked
package io.clockbound.daemon.demo;

import org.jspecify.annotations.NullMarked;
