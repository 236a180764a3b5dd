/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own for {@code clockboundd}. */
public final class DaemonJvm {

    private DaemonJvm() {}

    /** Returns how to start one, with its two outputs as one. */
    static ProcessBuilder with(List<String> options, List<String> arguments) {
        return of(ClockBoundDaemon.class, options, arguments);
    }

    /** Returns how to start another program of this module, with its two outputs as one. */
    public static ProcessBuilder of(Class<?> program, List<String> options, List<String> arguments) {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(
                List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        // as the launcher has it, without which recent runtimes complain on the output that is under test
        words.addAll(List.of(
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--enable-native-access=ALL-UNNAMED",
                "-Dguice_bytecode_gen_option=DISABLED",
                "-Dguice_custom_class_loading=OFF"));
        words.addAll(options);
        words.add(program.getName());
        words.addAll(arguments);
        return new ProcessBuilder(words).redirectErrorStream(true);
    }
}
