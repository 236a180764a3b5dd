/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.chrony;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Looks up the addresses of hosts, each on a thread of its own, because the system's resolver has no time limit.
 *
 * <p>A lookup that misses its deadline keeps running; its result serves the next caller, and no second lookup of that host
 * is started meanwhile.
 */
final class HostLookup {

    private final Resolver resolver;
    private final Consumer<Thread> starter;
    private final Map<String, FutureTask<InetAddress>> underWay = new ConcurrentHashMap<>();

    HostLookup(Resolver resolver) {
        this(resolver, Thread::start);
    }

    HostLookup(Resolver resolver, Consumer<Thread> starter) {
        this.resolver = resolver;
        this.starter = starter;
    }

    /** Returns the address of a host, or fails when the time is over. */
    InetAddress find(String host, long timeoutNanos) throws IOException {
        FutureTask<InetAddress> lookup;
        try {
            lookup = underWay.computeIfAbsent(host, this::start);
        } catch (OutOfMemoryError e) {
            // a fault would withdraw all trust, and the last reply is as good as it was
            throw new IOException(
                    "no thread can be started to look up the name of the host: raise the limit of threads (TasksMax= of"
                            + " the unit, ulimit -u, pids.max of the container), or give its address",
                    e);
        }
        try {
            InetAddress ip = lookup.get(timeoutNanos, TimeUnit.NANOSECONDS);
            underWay.remove(host, lookup);
            return ip;
        } catch (ExecutionException e) {
            underWay.remove(host, lookup);
            throw new IOException("no host of this name is known", e);
        } catch (TimeoutException e) {
            throw new SocketTimeoutException(
                    "the name server does not reply in time; give the address of the host instead of its name");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while looking up the name of the host");
        }
    }

    private FutureTask<InetAddress> start(String host) {
        Callable<InetAddress> lookUp = () -> resolver.resolve(host);
        FutureTask<InetAddress> lookup = new FutureTask<>(lookUp);
        Thread thread = new Thread(lookup, "clockbound-lookup");
        thread.setDaemon(true);
        starter.accept(thread);
        return lookup;
    }

    /** The resolver of the system. */
    interface Resolver {
        InetAddress resolve(String host) throws IOException;
    }
}
