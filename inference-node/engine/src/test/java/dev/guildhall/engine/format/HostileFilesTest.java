package dev.guildhall.engine.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import dev.guildhall.engine.model.ModelConfig;
import dev.guildhall.engine.model.TensorPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sound models, damaged at random with fixed seeds: each is either read or refused with the file's name. Whatever else is thrown,
 * or memory that is taken beyond the file's size, is a fault of the reader.
 */
class HostileFilesTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final int MUTATIONS = 800;

    /** What the virtual machine takes when a message of a kind is made for the first time. */
    private static final long CLASSES_BYTES = 4 << 20;

    /** Numbers that sizes, counts and offsets go wrong at. */
    private static final long[] EDGES = {
        0,
        1,
        -1,
        31,
        0x7f,
        0xff,
        0xffff,
        1L << 24,
        Integer.MAX_VALUE,
        1L << 31,
        0xffffffffL,
        1L << 32,
        1L << 40,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        Long.MAX_VALUE / 2 + 1
    };

    @TempDir
    private Path directory;

    private int refused;
    private int read;
    private long soundBytes;

    @Test
    void damagedGgufIsReadOrRefused() throws IOException {
        for (String golden : List.of("qwen3moe-untied-q4.gguf", "qwen2-yarn-q8.gguf", "deepseek-split-q8.gguf")) {
            byte[] whole = Files.readAllBytes(GOLDEN.resolve(golden));
            Path file = directory.resolve(golden);
            // Nothing can be wrong with the bytes of tensors but that they are missing.
            int head = whole.length - tensorBytes(GOLDEN.resolve(golden));
            Random random = new Random(golden.hashCode());
            measureSound(GOLDEN.resolve(golden));
            for (int i = 0; i < MUTATIONS; i++) {
                Files.write(file, mutated(whole, head, random));
                open(file, whole.length);
            }
        }
        assertThat(read + refused).isEqualTo(3 * MUTATIONS);
        assertThat(refused).isGreaterThan(MUTATIONS);
        assertThat(read).isPositive();
    }

    @Test
    void damagedDirectoriesAreReadOrRefused() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN.resolve("qwen3moe-bf16-hub"))) {
            for (Path file : files.toList()) {
                Files.copy(file, directory.resolve(file.getFileName()));
            }
        }
        measureSound(directory);
        Random random = new Random(20);
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.sorted().toList()) {
                byte[] whole = Files.readAllBytes(file);
                boolean json = file.toString().endsWith(".json");
                int head = json
                        ? whole.length
                        : 8
                                + (int) ByteBuffer.wrap(whole)
                                        .order(ByteOrder.LITTLE_ENDIAN)
                                        .getLong();
                for (int i = 0; i < MUTATIONS / 2; i++) {
                    byte[] damaged =
                            json && i % 2 == 0 ? withANumberChanged(whole, random) : mutated(whole, head, random);
                    Files.write(file, damaged);
                    open(directory, whole.length);
                }
                Files.write(file, whole);
            }
        }
        assertThat(read + refused).isEqualTo(4 * MUTATIONS / 2);
        assertThat(refused).isGreaterThan(MUTATIONS);
        assertThat(read).isPositive();
    }

    /** What reading a sound model takes, once classes are there. */
    private void measureSound(Path path) throws IOException {
        for (int i = 0; i < 3; i++) {
            long before = allocatedBytes();
            read(path);
            soundBytes = allocatedBytes() - before;
        }
    }

    /** A damaged one may take as much again and a few times its size, for a byte of a list of numbers becomes an object. */
    private void open(Path path, int size) {
        long before = allocatedBytes();
        try {
            read(path);
            read++;
        } catch (ModelFormatException expected) {
            assertThat(expected).hasMessageContaining(path.toString());
            refused++;
        } catch (IOException | RuntimeException unexpected) {
            fail("a damaged file must be refused as one, after %d".formatted(read + refused), unexpected);
        }
        assertThat(allocatedBytes() - before)
                .as("bytes that were taken for a file of %d, after %d", size, read + refused)
                .isLessThan(2 * soundBytes + 4L * size + CLASSES_BYTES);
    }

    /** As far as a load goes before it takes memory for weights. */
    private static void read(Path path) throws IOException {
        try (ModelFile file = ModelFile.open(path)) {
            TensorPlan.of(ModelConfig.of(file), file).check(file);
        }
    }

    private static long allocatedBytes() {
        return ManagementFactory.getPlatformMXBean(ThreadMXBean.class).getCurrentThreadAllocatedBytes();
    }

    private static byte[] mutated(byte[] whole, int head, Random random) {
        byte[] bytes = whole.clone();
        switch (random.nextInt(4)) {
            case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1 -> bytes[random.nextInt(head)] ^= (byte) (1 << random.nextInt(8));
            case 2 -> put(bytes, random.nextInt(head - Long.BYTES), EDGES[random.nextInt(EDGES.length)]);
            default -> {
                for (int i = random.nextInt(1, 5); i > 0; i--) {
                    bytes[random.nextInt(head)] = (byte) random.nextInt();
                }
            }
        }
        return bytes;
    }

    private static void put(byte[] bytes, int at, long value) {
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(at, value);
    }

    private static byte[] withANumberChanged(byte[] json, Random random) {
        String text = new String(json, StandardCharsets.UTF_8);
        List<MatchResult> numbers =
                Pattern.compile("-?\\d[\\d.e+-]*").matcher(text).results().toList();
        MatchResult number = numbers.get(random.nextInt(numbers.size()));
        String other = switch (random.nextInt(4)) {
            case 0 -> "null";
            case 1 -> "\"" + number.group() + "\"";
            case 2 -> "1e400";
            default -> String.valueOf(EDGES[random.nextInt(EDGES.length)]);
        };
        return (text.substring(0, number.start()) + other + text.substring(number.end()))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static int tensorBytes(Path golden) {
        try (GgufFile file = GgufFile.open(golden)) {
            return (int) file.tensors().values().stream()
                    .mapToLong(tensor -> tensor.data().byteSize())
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
