/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.packages;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.it.DaemonProcess;
import io.clockbound.it.DaemonProcess.Ended;
import io.clockbound.it.Prerequisites;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The packages as files, and the manual pages in them. */
class PackageFilesIT {

    private static final Path LINTIAN = Path.of("/usr/bin/lintian");

    private static final Path DPKG_DEB = Path.of("/usr/bin/dpkg-deb");

    private static final Path RPM = Path.of("/usr/bin/rpm");

    private static final Pattern RELATIVE_LINK = Pattern.compile("\\]\\(([A-Za-z/-]+(?:[.]md)?)(?:#[^)]*)?\\)");

    private static final Pattern LONG_OPTION = Pattern.compile("--[a-z][a-z_-]+");

    @BeforeAll
    static void require() {
        Prerequisites.require();
    }

    @Test
    void lintianHasNothingToSay() throws Exception {
        Prerequisites.require(
                Files.isExecutable(LINTIAN), "lintian is not on this machine: install the package lintian");
        Ended ended = DaemonProcess.run(
                LINTIAN, "--allow-root", "--display-info", PackageIT.deb().toString());
        assertThat(ended.output().lines().filter(line -> line.matches("[EWI]: .*")))
                .isEmpty();
        assertThat(ended.exitCode()).as(ended.output()).isZero();
    }

    /** More than to suggest it would let apt remove the time service that is in use. */
    @Test
    void theDebianPackageOnlySuggestsChrony() throws Exception {
        Prerequisites.require(Files.isExecutable(DPKG_DEB), "dpkg-deb is not on this machine");
        Ended ended = DaemonProcess.run(DPKG_DEB, "--field", PackageIT.deb().toString());
        assertThat(ended.output().lines().filter(line -> line.matches("[A-Z][A-Za-z-]+: .*(chrony|time-daemon).*")))
                .containsExactly("Suggests: chrony");
    }

    /** The README of a package is read where it was installed. */
    @Test
    void theReadmeOfEachPackageLinksToFilesThatThePackageHas() throws Exception {
        Prerequisites.require(Files.isExecutable(DPKG_DEB), "dpkg-deb is not on this machine");
        Prerequisites.require(Files.isExecutable(RPM), "rpm is not on this machine: install the package rpm");
        Ended deb = DaemonProcess.run(DPKG_DEB, "--contents", PackageIT.deb().toString());
        Ended rpm = DaemonProcess.run(RPM, "-qlp", PackageIT.built(".rpm").toString());
        List<String> linked = RELATIVE_LINK
                .matcher(Files.readString(Prerequisites.home().resolve("README.md")))
                .results()
                .map(link -> link.group(1))
                .distinct()
                .toList();
        assertThat(linked).contains("SECURITY.md", "docs/BOUND.md");
        for (Ended contents : List.of(deb, rpm)) {
            assertThat(linked)
                    .allSatisfy(file -> assertThat(contents.output().lines())
                            .anyMatch(line -> line.endsWith("/usr/share/doc/clockbound/" + file)));
        }
    }

    @Test
    void theManualOfTheDaemonNamesEveryOptionAndNoOther() throws Exception {
        assertThat(longOptions(manual("clockboundd.8")))
                .isEqualTo(longOptions(DaemonProcess.run("--help").output()));
    }

    @Test
    void theManualOfTheControlCommandNamesEveryOptionAndNoOther() throws Exception {
        Set<String> options = new TreeSet<>();
        List<String> commands = CtlCommands.names();
        for (String command : commands) {
            options.addAll(longOptions(CtlCommands.help(command)));
        }
        String manual = manual("clockboundctl.1");
        assertThat(longOptions(manual)).isEqualTo(options);
        assertThat(commands).allSatisfy(command -> assertThat(manual).containsPattern("\n\\.B[IR]? \"?" + command));
    }

    @Test
    void theCompletionOffersEveryCommand() throws Exception {
        String completion = Files.readString(Prerequisites.home().resolve("completions/clockboundctl"));
        assertThat(CtlCommands.names())
                .allSatisfy(command -> assertThat(completion).contains("_picocli_clockboundctl_" + command));
    }

    private static String manual(String name) throws IOException {
        return Files.readString(Prerequisites.home().resolve("man/" + name)).replace("\\-", "-");
    }

    private static Set<String> longOptions(String text) {
        Set<String> options = new TreeSet<>();
        LONG_OPTION.matcher(text).results().map(MatchResult::group).forEach(options::add);
        return options;
    }
}
