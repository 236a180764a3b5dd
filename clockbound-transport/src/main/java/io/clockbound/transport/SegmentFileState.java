/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** The state of a mapped file under the path at which it was mapped. */
enum SegmentFileState {
    /** The same file is there, and no shorter. */
    UNCHANGED,
    /** The same file is there, but shorter: the mapping must not be accessed any more. */
    TRUNCATED,
    /** Another file is there. */
    REPLACED,
    /** No file is there. */
    REMOVED;

    /**
     * Returns the current state.
     *
     * @param path the path at which the file was mapped
     * @param fileKey the key of the file that was mapped
     * @param bytes the minimum size for the mapping to be valid
     */
    static SegmentFileState of(Path path, Object fileKey, long bytes, LinkOption... options) {
        try {
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class, options);
            if (!fileKey.equals(now.fileKey())) {
                return REPLACED;
            }
            return now.size() < bytes ? TRUNCATED : UNCHANGED;
        } catch (IOException e) {
            return REMOVED;
        }
    }

    /**
     * Tells whether the file under a path has no name any more. Only a mount of that file alone still leads to it, and goes on
     * doing so when another file has taken its name.
     */
    static boolean isMountedAfterRemoval(Path path) {
        try {
            return Files.getAttribute(path, "unix:nlink").equals(0);
        } catch (IOException | UnsupportedOperationException e) {
            return false; // no such file, or a system that does not count names
        }
    }
}
