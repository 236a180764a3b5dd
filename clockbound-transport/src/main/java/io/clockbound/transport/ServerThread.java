/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.io.IOException;

/** A daemon thread of a server, whose end can be awaited. */
final class ServerThread {

    private final Thread thread;

    ServerThread(String name, Runnable work) {
        thread = new Thread(work, name);
        thread.setDaemon(true);
    }

    /**
     * Starts the thread.
     *
     * @throws IOException when the system grants no thread; the message has the remedy
     */
    void start() throws IOException {
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            throw new IOException(
                    "there is no thread for " + thread.getName()
                            + ": raise the limit of threads (TasksMax= of the unit, ulimit -u, pids.max of the"
                            + " container) or of memory",
                    e);
        }
    }

    void interrupt() {
        thread.interrupt();
    }

    /** Waits for the end of the thread, even when interrupted; returns at once when called on the thread itself. */
    void awaitEnd() {
        boolean interrupted = false;
        while (thread.isAlive() && Thread.currentThread() != thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
