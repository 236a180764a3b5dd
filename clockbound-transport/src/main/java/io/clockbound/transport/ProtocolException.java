/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.io.IOException;

/** Bytes that the protocol does not allow. */
final class ProtocolException extends IOException {

    private static final long serialVersionUID = 1;

    /**
     * Creates the exception.
     *
     * @param message the bytes found and the bytes expected
     */
    ProtocolException(String message) {
        super(message);
    }
}
