/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is found in set-ups that are wrong, each in one way: {@code wrong()} of a class lists those of its subject. */
abstract class WrongSetUps {

    @TempDir
    Path root;

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void aWrongSetUpIsNamedWithItsRemedy(
            String what, Consumer<SetUp> wrong, Severity severity, String name, String remedy) throws IOException {
        SetUp setUp = new SetUp(root);
        wrong.accept(setUp);
        List<Finding> findings = Doctor.findings(setUp.machine());
        Optional<Finding> found =
                findings.stream().filter(finding -> finding.name().equals(name)).findFirst();
        assertThat(found).as("%s in %s", name, findings).isPresent();
        assertThat(found.get().severity()).isEqualTo(severity);
        assertThat(found.get().remedy()).contains(remedy);
        assertThat(found.get().fact()).matches("(?s).{20,}[.?!]").doesNotContain("..", "null");
        assertThat(found.get().consequence()).isNotBlank();
        assertThat(findings).noneMatch(finding -> finding.name().equals("could-not-look"));
    }

    static Arguments fault(String what, Consumer<SetUp> wrong, String name, String remedy) {
        return Arguments.arguments(what, wrong, Severity.FAULT, name, remedy);
    }

    static Arguments warning(String what, Consumer<SetUp> wrong, String name, String remedy) {
        return Arguments.arguments(what, wrong, Severity.WARNING, name, remedy);
    }
}
