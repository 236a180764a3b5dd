/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.daemon.config;

import picocli.CommandLine.IVersionProvider;

/** The version of this program, as its jar has it. */
public final class Version implements IVersionProvider {

    public static String number() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "(not built as a jar)" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"${COMMAND-FULL-NAME} " + number()};
    }
}
