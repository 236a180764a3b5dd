/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** What became of a mapped file. */
enum SegmentFileState {
    /** It is where it was, and as long. */
    UNCHANGED,
    /** It is where it was, and shorter: the mapping must not be touched any more. */
    CUT,
    /** Another has its name. */
    REPLACED,
    /** Nothing has its name. */
    REMOVED;

    /**
     * Looks.
     *
     * @param path the name at which it was mapped
     * @param fileKey the file that it was
     * @param bytes how much of it is mapped
     */
    static SegmentFileState of(Path path, Object fileKey, long bytes, LinkOption... options) {
        try {
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class, options);
            if (!fileKey.equals(now.fileKey())) {
                return REPLACED;
            }
            return now.size() < bytes ? CUT : UNCHANGED;
        } catch (IOException e) {
            return REMOVED;
        }
    }
}
