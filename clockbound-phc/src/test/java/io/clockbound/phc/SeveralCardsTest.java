/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.phc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.clockbound.spi.ErrorBoundProvider;
import io.clockbound.spi.ReferenceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host with two clocks, of which chronyd may turn from one to the other. */
class SeveralCardsTest {

    private static final ReferenceId PHC0 = ReferenceId.ofClock("PHC0");
    private static final ReferenceId PHC1 = ReferenceId.ofClock("PHC1");

    @TempDir
    private Path root;

    private Path second;
    private ErrorBoundProvider provider;

    @BeforeEach
    void mount() throws IOException {
        FakeSysfs sysfs = new FakeSysfs(root);
        Files.writeString(sysfs.card("ens5", "0000:00:05.0"), "8000\n");
        second = sysfs.card("ens6", "0000:00:06.0");
        Files.writeString(second, "9000\n");
        provider = new PhcErrorBoundProvider()
                .with(Map.of("sysfs", root.toString(), "reference-id", "PHC0", "interface", "ens5"));
    }

    @Test
    void theConfiguredInterfaceSpeaksForTheConfiguredClockOnly() throws IOException {
        assertThat(provider.errorNanos(PHC0)).hasValue(8_000);
        assertThat(provider.errorNanos(PHC1)).hasValue(9_000);
    }

    @Test
    void whatTheOtherCannotTellConcernsOnlyTheOther() throws IOException {
        Files.writeString(second, "4294967295\n");
        assertThat(provider.errorNanos(PHC0)).hasValue(8_000);
        assertThatIOException().isThrownBy(() -> provider.errorNanos(PHC1));
    }
}
