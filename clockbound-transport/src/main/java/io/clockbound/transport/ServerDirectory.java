/* SPDX-License-Identifier: GPL-2.0-only WITH Classpath-exception-2.0 */
package io.clockbound.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a transport's files, held so that no other daemon can use it.
 *
 * <p>The transports of a process share one lock on {@code clockboundd.pid}. The first hold takes the lock, the last close
 * releases it, and the kernel releases it when the process ends in any way.
 */
final class ServerDirectory implements AutoCloseable {

    private static final String LOCK_FILE = "clockboundd.pid";

    /** The longest number of a process and the end of the line (proc(5)). */
    private static final int LOCK_BYTES = 8;

    // Static because such a lock belongs to the process: closing any descriptor of the file releases it.
    private static final Map<Path, Lock> LOCKS = new HashMap<>();

    private final Path path;
    private final String transport;

    private ServerDirectory(Path path, String transport) {
        this.path = path;
        this.transport = transport;
    }

    /**
     * Takes hold of the directory of the sockets, and creates it when missing.
     *
     * @throws IOException when another process, or the same transport of this one, holds it
     */
    static ServerDirectory hold(Path directory, String transport) throws IOException {
        return hold(directory, transport, "--run-dir");
    }

    /**
     * Takes hold of a directory, and creates it when missing.
     *
     * @param option the option that chooses another directory
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

    /** Returns the path of a file that clients may see. */
    Path file(String name) {
        return path.resolve(name);
    }

    /** Creates a directory that only this user may enter, in which a file is completed before clients can see it. */
    Path createStagingDirectory() throws IOException {
        Path staging = path.resolve("." + transport);
        Set<PosixFilePermission> mode = PosixFilePermissions.fromString("rwx------");
        try {
            return Files.createDirectory(staging, PosixFilePermissions.asFileAttribute(mode));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(staging, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException(staging + " is not a directory: remove it", e);
            }
            Files.setPosixFilePermissions(staging, mode);
            return staging;
        }
    }

    /** Releases the directory. */
    @Override
    public void close() throws IOException {
        synchronized (LOCKS) {
            Lock lock = LOCKS.get(path);
            if (lock == null || !lock.transports.remove(transport) || !lock.transports.isEmpty()) {
                return;
            }
            LOCKS.remove(path);
            try {
                // before the release: the next holder's file has the same name
                Files.deleteIfExists(path.resolve(LOCK_FILE));
            } finally {
                lock.file.close();
            }
        }
    }

    private static Path create(Path directory, String option) throws IOException {
        try {
            if (!Files.isDirectory(directory)) {
                requireNoFile(directory, option);
                Files.createDirectories(directory);
                // set whatever the umask is: clients must be able to enter
                Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            return directory.toRealPath();
        } catch (OccupiedException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(
                    "cannot create the directory " + directory + " (" + FileFailure.text(e)
                            + "): create it for the user of this process, or choose another with " + option,
                    e);
        }
    }

    private static void requireNoFile(Path directory, String option) throws OccupiedException {
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw new OccupiedException(option + " " + directory + " is no directory: remove it, or choose another");
        }
    }

    /**
     * Returns why this user could not use a directory: what a start would create is created out of sight, and deleted again.
     *
     * @param option the option that chooses another directory
     * @param files the names and sizes of the transport's files that stay there
     */
    static Optional<String> problem(Path directory, String option, Map<String, Integer> files) {
        Path existing = directory.toAbsolutePath();
        while (!Files.exists(existing, LinkOption.NOFOLLOW_LINKS) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        if (!Files.isDirectory(existing)) {
            return Optional.of(option + " " + directory + ": " + existing + " is not a directory");
        }
        Map<String, Integer> missing = new LinkedHashMap<>();
        missing.put(LOCK_FILE, LOCK_BYTES);
        missing.putAll(files);
        missing.keySet().removeIf(name -> hasRoom(directory.resolve(name)));
        Path wanted = directory;
        Deque<Path> made = new ArrayDeque<>();
        try {
            made.push(Files.createTempDirectory(existing, ".clockboundd-check"));
            for (Map.Entry<String, Integer> file : missing.entrySet()) {
                wanted = directory.resolve(file.getKey());
                made.push(made.getLast().resolve(file.getKey()));
                Files.write(made.getFirst(), new byte[file.getValue()]);
            }
            return Optional.empty();
        } catch (AccessDeniedException e) {
            return Optional.of(option + " " + directory + ": this user may not create "
                    + (existing.equals(directory.toAbsolutePath()) ? "files in it" : "it in " + existing)
                    + "; create it for the user of the service, check as that user, or choose another");
        } catch (IOException e) {
            String reason = FileFailure.text(e);
            if (e instanceof FileSystemException of && of.getFile() != null) {
                reason = reason.replace(of.getFile(), wanted.toString());
            }
            return Optional.of("cannot create " + wanted + " (" + reason
                    + "): fix the cause, or choose another directory with --" + option);
        } finally {
            made.forEach(ServerDirectory::delete);
        }
    }

    /** Tells whether a file has the block that a start writes: a daemon's that runs, was killed, or kept its segments. */
    private static boolean hasRoom(Path file) {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                            .size()
                    > 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static void delete(Path useless) {
        try {
            Files.deleteIfExists(useless);
        } catch (IOException e) {
            // it is in nobody's way, and whoever looks at the directory sees what it was for
        }
    }

    private static FileChannel lockFile(Path directory, String option) throws IOException {
        Path file = directory.resolve(LOCK_FILE);
        try {
            while (true) {
                try {
                    Files.createFile(file);
                } catch (FileAlreadyExistsException e) {
                    // left by a daemon that was killed, or held by a running one: the lock tells them apart
                }
                try {
                    FileChannel locked = tryLock(directory, file, option);
                    if (locked != null) {
                        return locked;
                    }
                } catch (NoSuchFileException e) {
                    // its holder has just ended and removed the file
                }
            }
        } catch (OccupiedException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(
                    "cannot lock " + file + " (" + FileFailure.text(e)
                            + "): fix the cause, or choose another directory with " + option,
                    e);
        }
    }

    /** Returns null when the file was replaced meanwhile: the lock is then on a file that no other process will find. */
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
            writePid(channel, file);
            ours = true;
            return channel;
        } finally {
            if (!ours) {
                channel.close();
            }
        }
    }

    /** Writes the number of this process; a file without room for it is removed, because it would name nobody. */
    private static void writePid(FileChannel channel, Path file) throws IOException {
        try {
            channel.truncate(0);
            channel.write(
                    StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"));
        } catch (IOException e) {
            delete(file);
            throw e;
        }
    }

    private static Object fileKey(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    private static String readPid(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(20);
        channel.read(bytes, 0);
        String pid = StandardCharsets.US_ASCII.decode(bytes.flip()).toString().strip();
        return pid.isEmpty() ? "unknown yet" : pid;
    }

    private static OccupiedException occupied(Path directory, String pid, String option) {
        return new OccupiedException("another daemon, pid " + pid + ", already serves in " + directory
                + ": stop it, or choose another directory with " + option);
    }

    private record Lock(FileChannel file, Set<String> transports) {}

    /** Another process, or the same transport of this one, has the lock, or something else has the place of the directory. */
    private static final class OccupiedException extends IOException {

        private static final long serialVersionUID = 1;

        private OccupiedException(String message) {
            super(message);
        }
    }
}
