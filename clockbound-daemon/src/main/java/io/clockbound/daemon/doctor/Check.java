/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.doctor;

import java.io.IOException;
import java.util.List;

/** One look at a machine, which only reads. */
@FunctionalInterface
interface Check {

    /**
     * Returns what was found, which is nothing where the question does not arise.
     *
     * @throws IOException when it cannot look; the message says why
     */
    List<Finding> look(Machine machine) throws IOException;
}
