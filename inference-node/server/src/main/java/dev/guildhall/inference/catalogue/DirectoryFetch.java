package dev.guildhall.inference.catalogue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Copies a file out of a directory. */
final class DirectoryFetch {

    private static final int BUFFER_BYTES = 1 << 20;

    private DirectoryFetch() {}

    static void fetch(Path source, long bytes, Path part, ProgressMeter meter) throws IOException {
        if (!Files.isRegularFile(source)) {
            throw new SourceException("has no file " + source.getFileName());
        }
        if (Files.size(source) != bytes) {
            throw new SourceException("has a file of %,d bytes, expected are %,d".formatted(Files.size(source), bytes));
        }
        meter.begin(0);
        try (InputStream in = Files.newInputStream(source);
                OutputStream out = Files.newOutputStream(part)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            long position = 0;
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                out.write(buffer, 0, count);
                position += count;
                meter.at(position);
            }
        }
    }
}
