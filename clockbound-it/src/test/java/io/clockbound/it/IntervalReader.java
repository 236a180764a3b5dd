/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it;

import java.io.IOException;

/** Reads the interval of a daemon. */
public interface IntervalReader extends AutoCloseable {

    /** Reads it once. */
    public Reading now() throws IOException;

    @Override
    void close() throws IOException;
}
