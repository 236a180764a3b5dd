/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.config;

import io.clockbound.spi.Services;
import io.clockbound.transport.Transport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The transports and their settings. */
public final class TransportOptions {

    private static final List<String> DEFAULT = List.of("datagram", "stream", "shm");

    @Option(
            names = "--transport",
            paramLabel = "NAME",
            split = ",",
            description =
                    "The transports, of those that are installed; those that are named must all be served. Default:"
                            + " datagram,stream,shm, of which only datagram must.")
    @Nullable
    private List<String> names;

    @Mixin
    private final DirectoryOptions directories = new DirectoryOptions();

    @Mixin
    @SuppressWarnings("UnusedVariable") // it acts when picocli sets it
    private final NativeOption way = new NativeOption();

    @Option(
            names = "--socket-mode",
            paramLabel = "MODE",
            description = "Permissions of the sockets, octal. Default: ${DEFAULT-VALUE}.")
    private String socketMode = "0666";

    @Option(
            names = "--socket-group",
            paramLabel = "GROUP",
            description = "Group of the sockets. Default: that of the process.")
    @Nullable
    private String socketGroup;

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            description = "Maximum number of connections to the stream socket, 1 to 1000. Default: ${DEFAULT-VALUE}.")
    private String maxConnections = "64";

    /**
     * Returns the chosen transports with their settings.
     *
     * @throws IllegalArgumentException when one is not installed, or a setting is wrong
     */
    List<Transport> chosen() {
        Map<String, String> settings = new HashMap<>();
        settings.put("run-dir", directories.run().toString());
        settings.put("shm-dir", directories.shm().toString());
        settings.put("socket-mode", socketMode);
        settings.put("max-connections", maxConnections);
        if (socketGroup != null) {
            settings.put("socket-group", socketGroup);
        }
        return (names == null ? DEFAULT : names)
                .stream()
                        .map(String::strip)
                        .distinct()
                        .map(name -> configured(Services.named(Transport.class, name), settings))
                        .toList();
    }

    /** Tells whether the operator has named the transports: then each of them is required. */
    boolean areNamed() {
        return names != null;
    }

    /** Returns a transport with those of the settings that it knows. */
    public static Transport configured(Transport transport, Map<String, String> settings) {
        Map<String, String> own = new HashMap<>(settings);
        own.keySet().retainAll(transport.settingNames());
        return transport.with(own);
    }
}
