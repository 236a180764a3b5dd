/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.clockbound.testing.FakeTimeSource;
import io.clockbound.testing.InstalledServices;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServicesTest {

    @TempDir
    Path folder = Path.of("");

    private @Nullable InstalledServices installed;

    @AfterEach
    void uninstall() throws IOException {
        if (installed != null) {
            installed.close();
        }
    }

    @Test
    void listsTheInstalledServicesInTheOrderOfTheirNames() throws IOException {
        install(FakeTimeSource.class, ChronySource.class);
        assertThat(Services.all(TimeSource.class)).extracting(TimeSource::name).containsExactly("chrony", "fake");
    }

    @Test
    void findsAServiceByItsName() throws IOException {
        install(FakeTimeSource.class, ChronySource.class);
        assertThat(Services.named(TimeSource.class, "chrony")).isInstanceOf(ChronySource.class);
    }

    @Test
    void anUnknownNameIsAnErrorThatListsTheKnownOnes() throws IOException {
        install(FakeTimeSource.class, ChronySource.class);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Services.named(TimeSource.class, "ntpd"))
                .withMessage("no time source is named 'ntpd'; installed: chrony, fake");
    }

    @Test
    void twoServicesOfOneNameAreAnErrorThatNamesBoth() throws IOException {
        install(ChronySource.class, OtherChronySource.class);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Services.all(TimeSource.class))
                .withMessageContaining("named 'chrony'")
                .withMessageContaining(ChronySource.class.getName())
                .withMessageContaining(OtherChronySource.class.getName());
    }

    @Test
    void anUnknownSettingIsAnErrorThatListsTheKnownOnes() {
        assertThatCode(() -> Services.requireKnown("chrony", Map.of("server", "x"), Set.of("server")))
                .doesNotThrowAnyException();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Services.requireKnown("chrony", Map.of("sever", "x"), Set.of("timeout", "server")))
                .withMessage("'sever' is no setting of chrony; it has server, timeout");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FakeTimeSource().with(Map.of("a", "b")))
                .withMessage("'a' is no setting of fake; it has none");
    }

    private void install(Class<? extends TimeSource> one, Class<? extends TimeSource> other) throws IOException {
        installed = new InstalledServices(folder, TimeSource.class, List.of(one, other));
    }

    /** A source with the name of the one that is preferred. */
    public static class ChronySource implements TimeSource {

        @Override
        public ClockSnapshot poll() {
            return new FakeTimeSource().snapshot();
        }

        @Override
        public String peer() {
            return "none";
        }

        @Override
        public void close() {}

        @Override
        public String name() {
            return "chrony";
        }

        @Override
        public TimeSource with(Map<String, String> settings) {
            return this;
        }
    }

    /** Another with the same name. */
    public static final class OtherChronySource extends ChronySource {}
}
