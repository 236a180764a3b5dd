/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

/** What became of a request. */
enum RequestResult {
    /** The client was sent what it asked for. */
    ANSWERED,
    /** The client was sent an error: its request is malformed, or the clock cannot be trusted. */
    REFUSED,
    /** The response was dropped because a queue had no room for it. */
    DROPPED,
    /** The response could not be delivered: the client's socket is gone or refuses it. */
    CLIENT_GONE,
    /** The client's socket has no name, so there is nowhere to send a response. */
    NAMELESS
}
