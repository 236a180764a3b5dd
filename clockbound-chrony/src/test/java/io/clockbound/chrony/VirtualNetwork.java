/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import org.jspecify.annotations.Nullable;

/** What carries datagrams between one client and one chronyd in virtual time. For one thread. */
public interface VirtualNetwork {

    /** Begins anew: what is under way is for a socket that is closed. */
    void open();

    /** Sends a request. */
    void send(byte[] request);

    /** Returns the next reply that has arrived; null when none has. */
    byte @Nullable [] receive();

    /** Lets time pass until a reply arrives, or so much time. */
    void await(long nanos);
}
