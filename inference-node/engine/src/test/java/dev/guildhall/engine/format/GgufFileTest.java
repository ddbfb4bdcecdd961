package dev.guildhall.engine.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.engine.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GgufFileTest {

    @TempDir
    private Path directory;

    @Test
    void readsMetadataAndTensors() throws IOException {
        try (GgufFile file = GgufFile.open(write(GgufBytes.small()))) {
            assertThat(file.metadata())
                    .containsExactly(
                            Map.entry("general.architecture", "test"), Map.entry("test.sizes", List.of(7L, 8L, 9L)));
            assertThat(file.tensors()).containsOnlyKeys("a", "b");
            assertThat(file.tensor("a").orElseThrow().shape()).containsExactly(4L, 2L);
            assertThat(file.tensor("b").orElseThrow().type()).isEqualTo(TensorType.Q8_0);
            assertThat(file.tensor("b").orElseThrow().data().byteSize()).isEqualTo(34);
        }
    }

    @Test
    void readsTheGoldenCheckpoints() throws IOException {
        try (GgufFile file = GgufFile.open(Path.of("src/test/resources/golden/qwen2-tied-k.gguf"))) {
            assertThat(file.metadata()).containsEntry("general.architecture", "qwen2");
            assertThat(file.tensors()).hasSize(14);
        }
    }

    @Test
    void refusesEveryTruncation() throws IOException {
        byte[] whole = GgufBytes.small();
        for (int length = 0; length < whole.length; length++) {
            Path file = write(Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> GgufFile.open(file))
                    .as("cut to %d bytes", length)
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessageContaining(file.toString());
        }
    }

    @Test
    void survivesAnyMutation() throws IOException {
        byte[] whole = GgufBytes.small();
        Random random = new Random(20);
        int refused = 0;
        for (int i = 0; i < 4000; i++) {
            byte[] mutated = whole.clone();
            for (int flips = random.nextInt(1, 4); flips > 0; flips--) {
                // Mostly the head: there is nothing to break in the data.
                mutated[random.nextInt(mutated.length - 66)] = (byte) random.nextInt();
            }
            try (GgufFile file = GgufFile.open(write(mutated))) {
                file.tensors()
                        .values()
                        .forEach(tensor -> assertThat(tensor.data().byteSize()).isLessThanOrEqualTo(whole.length));
            } catch (ModelFormatException expected) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(2000);
    }

    @ParameterizedTest
    @CsvSource({
        "0, general.architecture, not \"GGUF\"",
        "4, version, version is 255",
        "8, tensor count, tensor count is 255",
        "16, metadata count, metadata count is 255",
        "31, key length, length of key of metadata entry 0",
    })
    void namesTheFieldThatIsWrong(int at, String field, String message) throws IOException {
        byte[] bytes = GgufBytes.small();
        bytes[at] = (byte) 255;
        Path file = write(bytes);
        assertThatThrownBy(() -> GgufFile.open(file))
                .as(field)
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(message);
    }

    @Test
    void refusesShapesThatOverflow() throws IOException {
        assertRefused(tensorOf(0, 0, 1L << 33, 1L << 33), "more than the file holds");
        assertRefused(tensorOf(0, 0, -1), "dimension 0 of tensor t is 18446744073709551615");
        assertRefused(tensorOf(0, 0, 0), "dimension 0 of tensor t is 0");
        assertRefused(tensorOf(0, 0, 65536, 65536, 65536, 65536), "more than the file holds");
    }

    @Test
    void refusesOffsetsOutsideTheFile() throws IOException {
        assertRefused(tensorOf(0, 1L << 40, 4), "takes bytes 1099511627776");
        assertRefused(tensorOf(0, Long.MAX_VALUE - 31, 4), "cut short");
        assertRefused(tensorOf(0, -32, 4), "not a multiple of the alignment 32");
        assertRefused(tensorOf(0, 4, 4), "lies at offset 4");
    }

    @Test
    void refusesTypesAndRowsThatItCannotRead() throws IOException {
        assertRefused(tensorOf(99, 0, 4), "has type 99, which the engine cannot read; it reads [F32,");
        assertRefused(tensorOf(8, 0, 33), "rows of 33 elements, not a multiple of 32, the block of its type Q8_0");
        assertRefused(tensorOf(0, 0), "has 0 dimensions");
    }

    @Test
    void refusesNamesThatOccurTwice() throws IOException {
        byte[] bytes = new GgufBytes()
                .header(3, 2, 0)
                .tensor("t", 0, 0, 4)
                .tensor("t", 0, 0, 4)
                .align(32)
                .zeros(64)
                .toByteArray();
        assertRefused(bytes, "tensor t occurs twice");
    }

    @Test
    void refusesArraysOfArrays() throws IOException {
        byte[] bytes = new GgufBytes()
                .header(3, 0, 1)
                .string("k")
                .u32(GgufBytes.ARRAY)
                .u32(GgufBytes.ARRAY)
                .u64(1)
                .zeros(64)
                .toByteArray();
        assertRefused(bytes, "element type of k is 9");
    }

    @Test
    void tellsBigEndianFilesApart() throws IOException {
        assertRefused(new GgufBytes().header(3 << 24, 0, 0).toByteArray(), "big-endian");
    }

    private static byte[] tensorOf(int type, long offset, long... shape) {
        return new GgufBytes()
                .header(3, 1, 0)
                .tensor("t", type, offset, shape)
                .align(32)
                .zeros(64)
                .toByteArray();
    }

    private void assertRefused(byte[] bytes, String message) throws IOException {
        Path file = write(bytes);
        assertThatThrownBy(() -> GgufFile.open(file))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(message);
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(directory.resolve("model.gguf"), bytes);
    }
}
