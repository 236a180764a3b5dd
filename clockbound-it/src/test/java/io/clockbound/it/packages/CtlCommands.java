/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.packages;

import static org.assertj.core.api.Assertions.assertThat;

import io.clockbound.it.DaemonProcess;
import io.clockbound.it.DaemonProcess.Ended;
import io.clockbound.it.Prerequisites;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/** The commands of {@code clockboundctl}, as it lists them itself. */
final class CtlCommands {

    private static final Pattern LISTED = Pattern.compile("(?m)^  ([a-z-]+) ");

    private CtlCommands() {}

    static List<String> names() throws IOException, InterruptedException {
        String help = run("--help");
        String listed = help.substring(help.indexOf("\nCommands:"), help.indexOf("\nExit codes:"));
        List<String> names = LISTED.matcher(listed)
                .results()
                .map(name -> name.group(1))
                .filter(name -> !name.equals("help"))
                .toList();
        assertThat(names).as(help).contains("now", "demo").hasSizeGreaterThan(10);
        return names;
    }

    static String help(String command) throws IOException, InterruptedException {
        return run(command, "--help");
    }

    private static String run(String... words) throws IOException, InterruptedException {
        Ended ended = DaemonProcess.run(Prerequisites.home().resolve("bin/clockboundctl"), words);
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        return ended.output();
    }
}
