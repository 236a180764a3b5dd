/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.it.packages;

import io.clockbound.it.Prerequisites;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;

/** The README of the distribution, for tests that follow it to the letter. */
final class Readme {

    private static final Pattern SHELL_BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

    private Readme() {}

    /** Returns the commands of a section, one text for each block. */
    static List<String> commands(String heading) throws IOException {
        String readme = Files.readString(Prerequisites.home().resolve("README.md"));
        int start = readme.indexOf("\n" + heading + "\n");
        if (start < 0) {
            throw new AssertionError("the README has no section '" + heading + "'");
        }
        int next = readme.indexOf("\n## ", start + heading.length());
        int nextOfItsKind = readme.indexOf("\n### ", start + heading.length());
        int end = nextOfItsKind < 0 ? next : Math.min(next, nextOfItsKind);
        return SHELL_BLOCK
                .matcher(readme.substring(start, end))
                .results()
                .map(block -> block.group(1))
                .toList();
    }
}
