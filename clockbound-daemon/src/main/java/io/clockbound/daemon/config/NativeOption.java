/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.config;

import io.clockbound.socket.NativeChoice;
import io.clockbound.socket.NativeSockets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How this process calls the kernel for Unix datagram sockets. */
public final class NativeOption {

    @Spec(Spec.Target.MIXEE)
    @Nullable
    private CommandSpec command;

    /** Chooses it while the command line is parsed, before anything calls the kernel. */
    @Option(
            names = "--native",
            paramLabel = "WAY",
            defaultValue = "${sys:" + NativeChoice.PROPERTY + ":-auto}",
            description =
                    "How to call the kernel for datagram sockets and to serve the stream socket: auto, ffm (the"
                            + " interface of Java 22 and later to native code) or junixsocket; auto is ffm where the runtime has it. Default: ${DEFAULT-VALUE}.")
    void choose(NativeChoice choice) {
        Optional<String> obstacle = choice.obstacle();
        if (obstacle.isPresent() && command != null) {
            throw new ParameterException(command.commandLine(), obstacle.get());
        }
        NativeSockets.choose(choice);
    }
}
