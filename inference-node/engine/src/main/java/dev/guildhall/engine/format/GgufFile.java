package dev.guildhall.engine.format;

import dev.guildhall.engine.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;

/**
 * A GGUF file (version 2 or 3), mapped into memory: its metadata, and its tensors as views of the mapping. Of a file in several
 * parts the first is opened, and all are mapped.
 *
 * <p>The file may come from anywhere: sizes, offsets, counts and strings are checked before they are used, so that a
 * broken or hostile file ends in a {@link ModelFormatException} and never reads or allocates beyond its own size. Tensors
 * are valid until {@link #close}. The file must not be shortened while it is open.
 */
public final class GgufFile implements ModelFile {

    private final Path path;
    private final Arena arena;
    private final long bytes;
    private final Map<String, Object> metadata;
    private final Map<String, Tensor> tensors;

    private GgufFile(Path path, Arena arena, long bytes, Map<String, Object> metadata, Map<String, Tensor> tensors) {
        this.path = path;
        this.arena = arena;
        this.bytes = bytes;
        this.metadata = Collections.unmodifiableMap(metadata);
        this.tensors = Collections.unmodifiableMap(tensors);
    }

    /**
     * Maps {@code file} and checks all that it says about itself.
     *
     * @throws ModelFormatException when the file is not a GGUF file that the engine can read
     */
    public static GgufFile open(Path file) throws IOException {
        Arena arena = Arena.ofShared();
        try {
            MemorySegment mapping = map(file, arena);
            GgufReader.Contents contents = new GgufReader(file, mapping).read();
            return new GgufFile(
                    file, arena, mapping.byteSize(), contents.metadata(), SplitGguf.tensors(file, contents, arena));
        } catch (Throwable failure) {
            arena.close();
            throw failure;
        }
    }

    static MemorySegment map(Path file, Arena arena) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
    }

    @Override
    public Path path() {
        return path;
    }

    /** Size of the file; of one in parts, of the first. */
    public long bytes() {
        return bytes;
    }

    @Override
    public Map<String, Object> metadata() {
        return metadata;
    }

    @Override
    public Map<String, Tensor> tensors() {
        return tensors;
    }

    /** GGUF files of llama have them reordered, those of all others not. */
    @Override
    public boolean rotatesHalves() {
        return false;
    }

    @Override
    public Arena mapping() {
        return arena;
    }

    @Override
    public void close() {
        arena.close();
    }
}
