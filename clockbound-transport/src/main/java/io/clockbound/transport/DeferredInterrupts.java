/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;

/** Calls to file channels by threads of others, whose interrupt would close the channel: it is put off until after. */
final class DeferredInterrupts {

    private DeferredInterrupts() {}

    /** A call that opens its channel when that is closed. */
    interface Call<T> {
        T call() throws IOException;
    }

    /** Makes the call; again when an interrupt, of this thread or another that used it too, closed its channel. */
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
