/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One transport's hold on the directory of its files, which keeps other daemons out.
 *
 * <p>The transports of a process share one lock on {@code clockboundd.pid}. It is taken with the first hold, given up
 * with the last, and gone when the process is, however it ends.
 */
final class ServerDirectory implements AutoCloseable {

    private static final String LOCK_FILE = "clockboundd.pid";

    // Static because such a lock belongs to the process: closing any descriptor of the file gives it up.
    private static final Map<Path, Lock> LOCKS = new HashMap<>();

    private final Path path;
    private final String transport;

    private ServerDirectory(Path path, String transport) {
        this.path = path;
        this.transport = transport;
    }

    /**
     * Takes hold of the directory of the sockets, which is made when missing.
     *
     * @throws IOException when another process, or the same transport of this one, holds it
     */
    static ServerDirectory hold(Path directory, String transport) throws IOException {
        return hold(directory, transport, "--run-dir");
    }

    /**
     * Takes hold of a directory, which is made when missing.
     *
     * @param option by which another directory can be chosen
     * @throws IOException when another process, or the same transport of this one, holds it
     */
    static ServerDirectory hold(Path directory, String transport, String option) throws IOException {
        Path path = create(directory, option);
        synchronized (LOCKS) {
            Lock lock = LOCKS.get(path);
            if (lock == null) {
                lock = new Lock(lockFile(path, option), new HashSet<>());
                LOCKS.put(path, lock);
            }
            if (!lock.transports.add(transport)) {
                throw occupied(path, Long.toString(ProcessHandle.current().pid()), option);
            }
        }
        return new ServerDirectory(path, transport);
    }

    /** Returns the place of a file that clients may see. */
    Path file(String name) {
        return path.resolve(name);
    }

    /** Makes a directory that only this user may enter, to finish a file in before clients may see it. */
    Path createStagingDirectory() throws IOException {
        Path staging = path.resolve("." + transport);
        Set<PosixFilePermission> mode = PosixFilePermissions.fromString("rwx------");
        try {
            return Files.createDirectory(staging, PosixFilePermissions.asFileAttribute(mode));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(staging, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException(staging + " is in the way: remove it", e);
            }
            Files.setPosixFilePermissions(staging, mode);
            return staging;
        }
    }

    /** Gives up the hold. */
    @Override
    public void close() throws IOException {
        synchronized (LOCKS) {
            Lock lock = LOCKS.get(path);
            if (lock == null || !lock.transports.remove(transport) || !lock.transports.isEmpty()) {
                return;
            }
            LOCKS.remove(path);
            try {
                // before it is given up: the next holder's file has the same name
                Files.deleteIfExists(path.resolve(LOCK_FILE));
            } finally {
                lock.file.close();
            }
        }
    }

    private static Path create(Path directory, String option) throws IOException {
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory);
                // whatever the umask: clients must be able to pass
                Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            return directory.toRealPath();
        } catch (IOException e) {
            throw new IOException(
                    "cannot create the directory " + directory + " (" + e
                            + "): create it for the user of this process, or choose another with " + option,
                    e);
        }
    }

    private static FileChannel lockFile(Path directory, String option) throws IOException {
        Path file = directory.resolve(LOCK_FILE);
        try {
            while (true) {
                try {
                    Files.createFile(file);
                } catch (FileAlreadyExistsException e) {
                    // left by a daemon that was killed, or held by one that runs: the lock tells
                }
                try {
                    FileChannel locked = tryLock(directory, file, option);
                    if (locked != null) {
                        return locked;
                    }
                } catch (NoSuchFileException e) {
                    // its holder has just ended and removed it
                }
            }
        } catch (OccupiedException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(
                    "cannot lock " + file + " (" + e + "): mend that, or choose another directory with " + option, e);
        }
    }

    /** Returns null when the file was replaced meanwhile, so that the lock is on one that nobody else will find. */
    private static @Nullable FileChannel tryLock(Path directory, Path file, String option) throws IOException {
        Object key = fileKey(file);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean ours = false;
        try {
            if (channel.tryLock() == null) {
                throw occupied(directory, readPid(channel), option);
            }
            if (!key.equals(fileKey(file))) {
                return null;
            }
            channel.truncate(0);
            channel.write(
                    StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"));
            ours = true;
            return channel;
        } finally {
            if (!ours) {
                channel.close();
            }
        }
    }

    private static Object fileKey(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    private static String readPid(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(20);
        channel.read(bytes, 0);
        String pid = StandardCharsets.US_ASCII.decode(bytes.flip()).toString().strip();
        return pid.isEmpty() ? "not known yet" : pid;
    }

    private static OccupiedException occupied(Path directory, String pid, String option) {
        return new OccupiedException("another daemon, pid " + pid + ", already serves in " + directory
                + ": stop it, or choose another directory with " + option);
    }

    private record Lock(FileChannel file, Set<String> transports) {}

    /** Somebody else has the lock. */
    private static final class OccupiedException extends IOException {

        private static final long serialVersionUID = 1;

        private OccupiedException(String message) {
            super(message);
        }
    }
}
