/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;

/** Runs channel I/O on callers' threads with interrupts deferred, because an interrupt would close the channel. */
final class DeferredInterrupts {

    private DeferredInterrupts() {}

    /** An operation that opens its channel again if it is closed. */
    interface Call<T> {
        T call() throws IOException;
    }

    /** Runs the call, and repeats it when an interrupt of this thread, or of another that uses it, closed the channel. */
    static <T> T call(Call<T> call) throws IOException {
        boolean isInterrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return call.call();
                } catch (ClosedChannelException e) {
                    isInterrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
