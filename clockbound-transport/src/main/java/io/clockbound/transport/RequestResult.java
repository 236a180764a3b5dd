/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

/** What became of a request. */
public enum RequestResult {
    /** The client was told what it asked. */
    ANSWERED,
    /** The client was sent an error: its request is malformed, or the clock cannot be trusted. */
    REFUSED,
    /** The answer was dropped, because there was no room for it in a queue. */
    DROPPED,
    /** The client had gone before the answer came. */
    CLIENT_GONE,
    /** The client's socket has no name, so there is nowhere to send an answer. */
    NAMELESS
}
