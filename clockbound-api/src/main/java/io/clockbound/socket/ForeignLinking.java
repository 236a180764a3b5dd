/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.socket;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.Array;
import java.util.Optional;

/**
 * Makes handles of functions of the C library, by reflection, because this is compiled for Java 17.
 *
 * <p>Linux on amd64 and aarch64 passes up to six integers and pointers in a register of 64 bits each and looks at no other, so
 * one type of six longs fits every function for sockets: to make the code for a type takes several milliseconds of a start.
 */
record ForeignLinking(Object linker, Object symbols, Object type, Object noOptions, Object errorOption) {

    private static final int ARGUMENTS = 6;

    static ForeignLinking begin() throws ReflectiveOperationException {
        Class<?> linkerType = Class.forName("java.lang.foreign.Linker");
        Class<?> option = Class.forName("java.lang.foreign.Linker$Option");
        Class<?> layout = Class.forName("java.lang.foreign.MemoryLayout");
        Object linker = linkerType.getMethod("nativeLinker").invoke(null);
        Object integer = Class.forName("java.lang.foreign.ValueLayout")
                .getField("JAVA_LONG")
                .get(null);
        Object arguments = Array.newInstance(layout, ARGUMENTS);
        for (int i = 0; i < ARGUMENTS; i++) {
            Array.set(arguments, i, integer);
        }
        Object type = Class.forName("java.lang.foreign.FunctionDescriptor")
                .getMethod("of", layout, arguments.getClass())
                .invoke(null, integer, arguments);
        Object errorOption = Array.newInstance(option, 1);
        Array.set(
                errorOption,
                0,
                option.getMethod("captureCallState", String[].class).invoke(null, (Object) new String[] {"errno"}));
        return new ForeignLinking(
                linker,
                linkerType.getMethod("defaultLookup").invoke(linker),
                type,
                Array.newInstance(option, 0),
                errorOption);
    }

    /** Returns a function that keeps its error. */
    MethodHandle function(String name) throws ReflectiveOperationException {
        MethodHandle function = handle(name, errorOption);
        return function.asType(function.type().changeParameterType(0, Object.class));
    }

    MethodHandle quickFunction(String name) throws ReflectiveOperationException {
        return handle(name, noOptions);
    }

    private MethodHandle handle(String name, Object options) throws ReflectiveOperationException {
        Optional<?> symbol = (Optional<?>) Class.forName("java.lang.foreign.SymbolLookup")
                .getMethod("find", String.class)
                .invoke(symbols, name);
        return (MethodHandle) Class.forName("java.lang.foreign.Linker")
                .getMethod(
                        "downcallHandle",
                        Class.forName("java.lang.foreign.MemorySegment"),
                        Class.forName("java.lang.foreign.FunctionDescriptor"),
                        options.getClass())
                .invoke(
                        linker,
                        symbol.orElseThrow(() -> new NoSuchMethodException("the C library has no " + name)),
                        type,
                        options);
    }
}
