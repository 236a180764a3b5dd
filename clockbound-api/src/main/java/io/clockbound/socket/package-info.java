/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
/**
 * Unix datagram sockets, which the JDK does not have, and the sockets of stream servers, which it serves more slowly: for the
 * other libraries of this project, not for their users.
 */
@NullMarked
package io.clockbound.socket;

import org.jspecify.annotations.NullMarked;
