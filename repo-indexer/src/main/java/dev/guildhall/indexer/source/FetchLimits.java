package dev.guildhall.indexer.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.EmptyProgressMonitor;
import org.jspecify.annotations.Nullable;

/** Stops a fetch that takes too long or brings too much. */
final class FetchLimits extends EmptyProgressMonitor {

    private static final long SIZE_CHECK_NANOS = Duration.ofSeconds(5).toNanos();

    private final Path directory;
    private final SourceSettings settings;
    private final long startNanos = System.nanoTime();
    private long sizeCheckedNanos = startNanos;
    private @Nullable String exceeded;

    FetchLimits(Path directory, SourceSettings settings) {
        this.directory = directory;
        this.settings = settings;
    }

    /** Which limit was exceeded, in words. */
    Optional<String> exceeded() {
        return Optional.ofNullable(exceeded);
    }

    void checkSize() throws IOException {
        if (isTooLarge()) {
            throw new IOException(exceeded);
        }
    }

    @Override
    public boolean isCancelled() {
        long now = System.nanoTime();
        if (now - startNanos > settings.fetchMax().toNanos()) {
            exceeded = "reading it took longer than %s (guildhall.indexer.source.fetch-max)"
                    .formatted(settings.fetchMax());
            return true;
        }
        if (now - sizeCheckedNanos > SIZE_CHECK_NANOS) {
            sizeCheckedNanos = now;
            return isTooLarge();
        }
        return exceeded != null;
    }

    private boolean isTooLarge() {
        long bytesMax = settings.mirrorSizeMax().toBytes();
        long bytes = sizeBytes();
        if (bytes > bytesMax) {
            exceeded = "it holds %,d bytes, allowed are %,d (guildhall.indexer.source.mirror-size-max)"
                    .formatted(bytes, bytesMax);
            return true;
        }
        return false;
    }

    private long sizeBytes() {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.mapToLong(FetchLimits::sizeBytes).sum();
        } catch (IOException | UncheckedIOException _) {
            // Files come and go while a fetch runs: the next look sees them settled.
            return 0;
        }
    }

    private static long sizeBytes(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : 0;
        } catch (NoSuchFileException _) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
