/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.BoundedClock;
import io.clockbound.LocalClock;
import io.clockbound.VmClock;
import io.clockbound.spi.Services;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The shared-memory segments {@code shm} and {@code shm0}, which our clients and those of ClockBound 1 and 2 read. */
public final class ShmTransport implements Transport {

    private static final String DIRECTORY = "shm-dir";

    private final Path directory;
    private final Path vmClock;

    /** Creates the transport with the default settings. */
    public ShmTransport() {
        this(ClockBoundClients.SHM_DIRECTORY, VmClock.DEVICE);
    }

    /** Creates the transport with another directory and another VMClock page, for tests. */
    ShmTransport(Path directory, Path vmClock) {
        this.directory = directory;
        this.vmClock = vmClock;
    }

    @Override
    public String name() {
        return "shm";
    }

    @Override
    public Set<String> settingNames() {
        return Set.of(DIRECTORY);
    }

    @Override
    public Transport with(Map<String, String> settings) {
        Services.requireKnown(name(), settings, settingNames());
        String other = settings.get(DIRECTORY);
        return other == null
                ? this
                : new ShmTransport(
                        SocketSettings.parseDirectory(DIRECTORY, other, ClockBoundClients.SHM_DIRECTORY), vmClock);
    }

    @Override
    public List<String> problems() {
        Stream<String> segments = Stream.of(SegmentLayout.values())
                .flatMap(layout -> SegmentWriter.problem(directory.resolve(layout.fileName())).stream());
        Map<String, Integer> files = Stream.of(SegmentLayout.values())
                .collect(Collectors.toMap(SegmentLayout::fileName, SegmentLayout::bytes));
        return Stream.concat(ServerDirectory.problem(directory, DIRECTORY, files).stream(), segments)
                .toList();
    }

    @Override
    public TransportServer serve(BoundedClock clock, Reports reports, LocalClock local, Consumer<IOException> failures)
            throws IOException {
        return SegmentServer.start(
                ServerDirectory.hold(directory, name(), "--" + DIRECTORY), local, new VmClock(vmClock), failures);
    }
}
