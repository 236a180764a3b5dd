/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

/** chronyd replied that it did not do what it was asked. */
final class ChronyRefusal extends ChronyProtocolException {

    static final int UNAUTH = 2;
    static final int NO_SUCH_SOURCE = 4;

    private static final long serialVersionUID = 1;

    private final int status;

    ChronyRefusal(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }
}
