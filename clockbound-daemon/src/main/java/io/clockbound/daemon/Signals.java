/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * The signals of the operating system.
 *
 * <p>By reflection, because the only Java interface to them is one that the compiler warns of and cannot be told not to.
 */
public final class Signals {

    private Signals() {}

    /**
     * Calls {@code action} on a thread of the JVM's own whenever the signal arrives; takes the place of what was there.
     *
     * @param name without SIG
     * @return false when this JVM keeps the signal for itself
     */
    public static boolean handle(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler call = (proxy, method, arguments) -> {
                action.run();
                return null;
            };
            Object proxy = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, call);
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
            return true;
        } catch (InvocationTargetException e) {
            return false;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java runtime has no sun.misc.Signal (module jdk.unsupported)", e);
        }
    }
}
