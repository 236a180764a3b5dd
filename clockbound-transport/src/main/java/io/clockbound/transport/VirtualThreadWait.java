/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Has the waits of virtual threads done by platform threads.
 *
 * <p>A wait for a socket is in native code and holds the carrier of a virtual thread meanwhile, so that other virtual threads of the
 * program would wait for a daemon of which they know nothing. There are as many platform threads as clients that wait at the
 * same time; after a minute without work they end. Thread-safe.
 */
final class VirtualThreadWait {

    /** {@code Thread.isVirtual}, which came with Java 21; null before. */
    private static final @Nullable Method IS_VIRTUAL = isVirtualMethod();

    private static final ExecutorService WAITING = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "clockbound-wait");
        thread.setDaemon(true);
        return thread;
    });

    private VirtualThreadWait() {}

    /** Waits with a timeout, as {@link Readiness#await}; an interrupt ends it and stays set. */
    static boolean await(Readiness socket, int operation, long timeoutMillis) throws IOException {
        if (!isOnVirtualThread()) {
            return socket.await(operation, timeoutMillis);
        }
        Future<Boolean> ready;
        try {
            ready = WAITING.submit(() -> socket.await(operation, timeoutMillis));
        } catch (OutOfMemoryError e) {
            // the system grants no thread: the time is worth more than the carrier
            return socket.await(operation, timeoutMillis);
        }
        return await(ready, socket);
    }

    private static boolean await(Future<Boolean> ready, Readiness socket) throws IOException {
        boolean isInterrupted = false;
        try {
            while (true) {
                try {
                    return ready.get();
                } catch (InterruptedException e) {
                    isInterrupted = true;
                    socket.wakeUp(); // then its thread is done with it
                }
            }
        } catch (ExecutionException e) {
            throw new IOException("cannot wait for the response", e.getCause());
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean isOnVirtualThread() {
        if (IS_VIRTUAL == null) {
            return false;
        }
        try {
            return (boolean) IS_VIRTUAL.invoke(Thread.currentThread());
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new LinkageError("Thread.isVirtual cannot be called", e); // it is public and throws nothing
        }
    }

    private static @Nullable Method isVirtualMethod() {
        try {
            return Thread.class.getMethod("isVirtual");
        } catch (NoSuchMethodException e) {
            return null;
        }
    }
}
