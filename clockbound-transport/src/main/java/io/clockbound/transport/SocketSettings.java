/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import io.clockbound.spi.Services;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The directory of a server's sockets, and who may use them.
 *
 * @param runDirectory the directory of the sockets
 * @param mode the permissions of a socket
 * @param group the group of a socket; empty for the group of the process
 */
record SocketSettings(Path runDirectory, Set<PosixFilePermission> mode, String group) {

    private static final String RUN_DIRECTORY = "run-dir";
    private static final String MODE = "socket-mode";
    private static final String GROUP = "socket-group";

    private static final Set<PosixFilePermission> OWNER =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    static final Set<String> NAMES = Set.of(RUN_DIRECTORY, MODE, GROUP);
    static final SocketSettings DEFAULT =
            new SocketSettings(ClockBoundClients.RUN_DIRECTORY, PosixFilePermissions.fromString("rw-rw-rw-"), "");

    SocketSettings {
        mode = Set.copyOf(mode);
        if (!mode.containsAll(OWNER)) {
            throw new IllegalArgumentException(
                    MODE + " " + PosixFilePermissions.toString(mode) + " shuts the owner out; the minimum is 0600");
        }
    }

    /**
     * Returns a copy with these settings.
     *
     * @throws IllegalArgumentException when a setting is unknown or its value is invalid
     */
    SocketSettings with(String service, Map<String, String> settings) {
        Services.requireKnown(service, settings, NAMES);
        String directory = settings.get(RUN_DIRECTORY);
        String octal = settings.get(MODE);
        return new SocketSettings(
                directory == null ? runDirectory : parseDirectory(RUN_DIRECTORY, directory, DEFAULT.runDirectory),
                octal == null ? mode : parseMode(octal),
                settings.getOrDefault(GROUP, group));
    }

    /** Tells whether every user may connect and the group is that of the process, as when junixsocket creates a socket. */
    boolean isForEverybody() {
        return mode.equals(DEFAULT.mode) && group.isEmpty();
    }

    /** Gives a socket its mode and group. */
    void apply(Path socket) throws IOException {
        PosixFileAttributeView view =
                Files.getFileAttributeView(socket, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        try {
            if (!group.isEmpty()) {
                GroupPrincipal wanted =
                        socket.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group);
                if (!view.readAttributes().group().equals(wanted)) { // a sandbox may forbid even setting the same group
                    view.setGroup(wanted);
                }
            }
            Files.setPosixFilePermissions(socket, mode);
        } catch (UserPrincipalNotFoundException e) {
            throw new IOException(groupIsMissing(), e);
        } catch (IOException e) {
            throw new IOException(
                    "cannot give " + socket + " the mode " + PosixFilePermissions.toString(mode)
                            + (group.isEmpty() ? "" : " and the group '" + group + "'; its user must be a member"),
                    e);
        }
    }

    /** Returns that the group does not exist, if so. */
    Optional<String> missingGroup() {
        try {
            if (!group.isEmpty()) {
                runDirectory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group);
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(groupIsMissing());
        }
    }

    private String groupIsMissing() {
        return GROUP + " '" + group + "' does not exist; create it with groupadd or name another";
    }

    /**
     * Returns the absolute path of a directory.
     *
     * @throws IllegalArgumentException when the text is not a path; the message names the setting and an example
     */
    static Path parseDirectory(String setting, String directory, Path example) {
        try {
            if (!directory.isEmpty()) {
                return Path.of(directory).toAbsolutePath().normalize();
            }
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(setting + " '" + directory + "' is not a path: " + e.getReason(), e);
        }
        throw new IllegalArgumentException(setting + " is empty; name a directory, such as " + example);
    }

    private static Set<PosixFilePermission> parseMode(String octal) {
        if (!octal.matches("0?[0-7]{3}")) {
            throw new IllegalArgumentException(
                    MODE + " '" + octal + "' is not three octal digits, with or without a leading 0, such as 0660");
        }
        int bits = Integer.parseInt(octal, 8);
        StringBuilder letters = new StringBuilder("rwxrwxrwx");
        for (int i = 0; i < letters.length(); i++) {
            if ((bits >> (letters.length() - 1 - i) & 1) == 0) {
                letters.setCharAt(i, '-');
            }
        }
        return PosixFilePermissions.fromString(letters.toString());
    }
}
