/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.sim;

/** What can befall a simulated machine, its chronyd, its servers, or the product. */
enum Fault {
    /** The oscillator changes its frequency, within what the operator vouches for. */
    FREQUENCY,
    /** A server or a reference clock errs otherwise than before, honestly. */
    SERVER_ERROR,
    /** One way to a server becomes longer, for a while. */
    ASYMMETRY,
    /** Replies of a server are lost. */
    LOSS,
    /** A server does not answer. */
    SILENT_SERVER,
    KILL,
    STOP,
    HANG,
    /** {@code makestep}. */
    STEP_BY_HAND,
    /** {@code doffset}. */
    OFFSET_BY_HAND,
    /** {@code reset sources}. */
    RESET,
    /** Somebody steps the wall clock. */
    STEP,
    /** The machine is suspended, and its wall clock set right. */
    SUSPEND,
    /** The machine is paused or restored from a snapshot; only a VMClock shows it. */
    SNAPSHOT,
    /** The process loses the processor between two readings of a clock. */
    PAUSE,
    /** Replies of chronyd are lost, late, doubled and reordered. */
    WIRE,
    /** The provider of a reference clock's error fails, or tells another. */
    PROVIDER,
    /** The product is killed and started anew. */
    OUR_RESTART
}
