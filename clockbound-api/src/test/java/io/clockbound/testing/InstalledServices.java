/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.testing;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Services that the current thread finds as if their jars were on the class path, until it is closed. */
public final class InstalledServices implements AutoCloseable {

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();
    private final URLClassLoader loader;

    /**
     * Installs services.
     *
     * @param folder an empty folder
     * @param services have a public constructor without parameters
     */
    public <S> InstalledServices(Path folder, Class<S> kind, List<Class<? extends S>> services) throws IOException {
        Path names = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(
                names.resolve(kind.getName()),
                services.stream().map(Class::getName).collect(Collectors.joining("\n")));
        loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, before);
        Thread.currentThread().setContextClassLoader(loader);
    }

    @Override
    public void close() throws IOException {
        Thread.currentThread().setContextClassLoader(before);
        loader.close();
    }
}
