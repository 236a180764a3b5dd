/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the launcher starts the daemon: what it takes from the distribution, and that it starts without that too. */
class LauncherIT {

    private static final int NOBODY_LISTENS = 9;

    @TempDir
    private Path directory;

    @BeforeAll
    static void require() {
        Prerequisites.require();
    }

    @Test
    void theNativeCodeIsLoadedFromBesideTheJars() throws Exception {
        assertThat(nativeCode(Prerequisites.home()))
                .containsExactly(inTheDistribution().toString());
    }

    @Test
    void nativeCodeThatIsNotBesideTheJarsIsUnpacked() throws Exception {
        Path home = copyOfTheDistribution();
        Files.delete(home.resolve(Prerequisites.home().relativize(inTheDistribution())));
        assertThat(nativeCode(home)).singleElement().asString().startsWith(directory + "/");
    }

    /** Returns the files of junixsocket's native code that a daemon has mapped. */
    private List<String> nativeCode(Path home) throws Exception {
        try (DaemonProcess daemon = started(home, "-Djava.io.tmpdir=" + directory)) {
            return Files.readAllLines(Path.of("/proc/" + daemon.pid() + "/maps")).stream()
                    .filter(line -> line.contains("libjunixsocket"))
                    .map(line -> line.substring(line.indexOf('/')))
                    .distinct()
                    .toList();
        }
    }

    private DaemonProcess started(Path home, String javaOptions) throws Exception {
        return DaemonProcess.start(home, javaOptions, directory.resolve("run"), NOBODY_LISTENS)
                .awaitSocket();
    }

    private static Path inTheDistribution() throws IOException {
        String machine = System.getProperty("os.arch").replace("amd64", "x86_64");
        try (Stream<Path> files = Files.list(Prerequisites.home().resolve("lib").resolve(machine))) {
            return files.findFirst().orElseThrow();
        }
    }

    private Path copyOfTheDistribution() throws IOException {
        Path home = Prerequisites.home();
        Path copy = directory.resolve("home");
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(home.relativize(file).toString()));
            }
        }
        return copy;
    }
}
