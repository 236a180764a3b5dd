/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.spi;

import java.io.IOException;
import java.util.OptionalLong;

/**
 * Tells the error of a reference clock itself, which a time source takes to be 0.
 *
 * <p>Used by one thread at a time.
 */
public interface ErrorBoundProvider extends Service<ErrorBoundProvider> {

    /**
     * Returns how far {@code reference} can be from true time in nanoseconds, or nothing when this provider does not
     * know that kind of reference.
     *
     * @throws IOException when this is the provider to ask and it cannot tell now; no new bound may be made then
     */
    OptionalLong errorNanos(ReferenceId reference) throws IOException;
}
