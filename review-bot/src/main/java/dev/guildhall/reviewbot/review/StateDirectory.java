package dev.guildhall.reviewbot.review;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The directory that belongs to this process alone, and the name that outlives it.
 *
 * <p>Whoever holds the directory's lock knows that every other process of that name is dead: so it may take back at
 * once what that process was doing, instead of waiting for its lease to end.
 */
final class StateDirectory implements AutoCloseable {

    private final FileChannel channel;
    private final FileLock lock;
    private final String workerName;

    private StateDirectory(FileChannel channel, FileLock lock, String workerName) {
        this.channel = channel;
        this.lock = lock;
        this.workerName = workerName;
    }

    static StateDirectory open(Path directory) {
        try {
            Files.createDirectories(directory);
            FileChannel channel =
                    FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new IllegalStateException(
                        "state directory %s is in use by another review-bot: give each its own GUILDHALL_STATE_DIR"
                                .formatted(directory));
            }
            return new StateDirectory(channel, lock, workerName(directory.resolve("worker-name")));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "state directory %s cannot be used: set GUILDHALL_STATE_DIR to a directory that this user may"
                                    .formatted(directory)
                            + " write",
                    e);
        }
    }

    String workerName() {
        return workerName;
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String workerName(Path file) throws IOException {
        if (Files.exists(file)) {
            return Files.readString(file).strip();
        }
        String name = UUID.randomUUID().toString();
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, name);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return name;
    }
}
