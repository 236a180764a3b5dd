/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import java.io.IOException;

/** A reply of chronyd that is a refusal or cannot be used. */
class ChronyProtocolException extends IOException {

    private static final long serialVersionUID = 1L;

    ChronyProtocolException(String message) {
        super(message);
    }
}
