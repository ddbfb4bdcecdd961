package dev.guildhall.engine.format;

import dev.guildhall.engine.tensor.TensorType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Writes a GGUF file (version 3) from front to back: first what is in it, then the tensors' bytes in that order. It has its
 * name only once it is whole; what is given up before leaves nothing behind. An existing file is never replaced.
 */
public final class GgufWriter implements AutoCloseable {

    private static final int ALIGNMENT = 32;
    private static final long SPARE_BYTES = 64L << 20;

    /** Keys that say how the file itself lies, and not what the model is. */
    private static final List<String> OF_THE_FILE =
            List.of("general.alignment", "split.no", "split.count", "split.tensors.count");

    private final Path file;
    private final Path unfinished;
    private final FileChannel channel;
    private final List<Entry> entries;
    private int current = -1;
    private long left;
    private boolean finished;

    /** A tensor that is going to be written; {@code shape} has the fastest dimension first. */
    public record Entry(String name, TensorType type, List<Long> shape) {

        public Entry {
            shape = List.copyOf(shape);
            if (shape.isEmpty() || shape.getFirst() % type.blockElements() != 0) {
                throw new IllegalArgumentException("%s: rows of shape %s do not fill whole blocks of %d elements of %s"
                        .formatted(name, shape, type.blockElements(), type));
            }
        }

        public long elements() {
            return shape.stream().reduce(1L, Math::multiplyExact);
        }

        public long bytes() {
            return type.bytes(elements());
        }
    }

    /**
     * Starts a file.
     *
     * @param metadata as {@link ModelFile#metadata} has it
     * @throws FileAlreadyExistsException when there is a file of that name
     */
    public GgufWriter(Path file, Map<String, Object> metadata, List<Entry> entries) throws IOException {
        if (Files.exists(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        this.file = file.toAbsolutePath();
        this.entries = List.copyOf(entries);
        byte[] head = head(metadata, this.entries);
        Path directory = Objects.requireNonNullElse(this.file.getParent(), this.file);
        checkSpace(
                directory,
                head.length + this.entries.stream().mapToLong(Entry::bytes).sum());
        unfinished = this.file.resolveSibling("%s.%d.part"
                .formatted(this.file.getFileName(), ProcessHandle.current().pid()));
        channel = FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            write(ByteBuffer.wrap(head));
            pad();
            next();
        } catch (Throwable failure) {
            close();
            throw failure;
        }
    }

    private void checkSpace(Path directory, long bytes) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new ModelFormatException(file, "there is no directory %s".formatted(directory));
        }
        long usable = Files.getFileStore(directory).getUsableSpace();
        if (bytes > usable - SPARE_BYTES) {
            throw new ModelFormatException(
                    file, "it will have %,d bytes, but only %,d are free on its disk".formatted(bytes, usable));
        }
    }

    private static byte[] head(Map<String, Object> metadata, List<Entry> entries) {
        Head head = new Head();
        head.raw("GGUF".getBytes(StandardCharsets.US_ASCII));
        head.u32(3);
        head.u64(entries.size());
        head.u64(metadata.keySet().stream()
                .filter(key -> !OF_THE_FILE.contains(key))
                .count());
        metadata.forEach((key, value) -> {
            if (!OF_THE_FILE.contains(key)) {
                head.text(key);
                head.value(key, value);
            }
        });
        long offset = 0;
        for (Entry entry : entries) {
            head.text(entry.name);
            head.u32(entry.shape.size());
            entry.shape.forEach(head::u64);
            head.u32(entry.type.id());
            head.u64(offset);
            offset += padded(entry.bytes());
        }
        return head.bytes.toByteArray();
    }

    private static long padded(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /** The next bytes of the tensor that is being written, or the first of the next one. */
    public void write(byte[] bytes, int from, int count) throws IOException {
        if (current == entries.size() || count > left) {
            throw new IllegalStateException("%s: %d bytes are more than are left of %s"
                    .formatted(file, count, current == entries.size() ? "the file" : entries.get(current).name));
        }
        write(ByteBuffer.wrap(bytes, from, count));
        left -= count;
        if (left == 0) {
            pad();
            next();
        }
    }

    private void next() {
        current++;
        left = current < entries.size() ? entries.get(current).bytes() : 0;
    }

    private void pad() throws IOException {
        long position = channel.position();
        write(ByteBuffer.allocate((int) (padded(position) - position)));
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Gives the file its name, once all tensors are written. */
    public void finish() throws IOException {
        if (current < entries.size()) {
            throw new IllegalStateException(
                    "%s: %d bytes of %s were not written".formatted(file, left, entries.get(current).name));
        }
        channel.force(true);
        channel.close();
        if (Files.exists(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        finished = true;
    }

    @Override
    public void close() throws IOException {
        if (!finished) {
            channel.close();
            Files.deleteIfExists(unfinished);
        }
    }

    /** The part before the tensors' bytes. */
    private static final class Head {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        void raw(byte[] values) {
            bytes.writeBytes(values);
        }

        void u32(int value) {
            raw(ByteBuffer.allocate(Integer.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(value)
                    .array());
        }

        void u64(long value) {
            raw(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(value)
                    .array());
        }

        void text(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            u64(utf8.length);
            raw(utf8);
        }

        void value(String key, Object value) {
            if (value instanceof List<?> list) {
                u32(9);
                int type = list.stream()
                        .mapToInt(element -> type(key, element))
                        .max()
                        .orElse(5);
                u32(type);
                u64(list.size());
                list.forEach(element -> element(type, element));
            } else {
                // Readers take sizes for unsigned and elements of arrays for signed.
                int type = value instanceof Long number && number >= 0 && number <= Integer.MAX_VALUE
                        ? 4
                        : type(key, value);
                u32(type);
                element(type, value);
            }
        }

        private static int type(String key, Object value) {
            return switch (value) {
                case Long number when number == number.intValue() -> 5;
                case Double _ -> 6;
                case Boolean _ -> 7;
                case String _ -> 8;
                case Long _ -> 11;
                default -> throw new IllegalArgumentException("%s is %s, which no metadata is".formatted(key, value));
            };
        }

        private void element(int type, Object value) {
            switch (type) {
                case 4, 5 -> u32(((Long) value).intValue());
                case 6 -> u32(Float.floatToRawIntBits(((Double) value).floatValue()));
                case 7 -> bytes.write((Boolean) value ? 1 : 0);
                case 8 -> text((String) value);
                default -> u64((Long) value);
            }
        }
    }
}
