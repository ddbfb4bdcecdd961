package dev.guildhall.engine.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.engine.format.GgufWriter.Entry;
import dev.guildhall.engine.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufWriterTest {

    private static final List<Entry> ENTRIES =
            List.of(new Entry("a", TensorType.F32, List.of(3L, 2L)), new Entry("b", TensorType.Q8_0, List.of(32L)));

    @TempDir
    private Path directory;

    @Test
    void writesWhatIsReadAgain() throws IOException {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("general.architecture", "test");
        metadata.put("test.size", 7L);
        metadata.put("test.negative", -7L);
        metadata.put("test.large", 1L << 40);
        metadata.put("test.epsilon", 0.125);
        metadata.put("test.flag", true);
        metadata.put("test.texts", List.of("Ġa", ""));
        metadata.put("test.numbers", List.of(1L, -1L));
        metadata.put("test.none", List.of());
        Path file = directory.resolve("model.gguf");
        byte[] a = bytes(24, 1);
        byte[] b = bytes(34, 2);

        try (GgufWriter writer = new GgufWriter(file, metadata, ENTRIES)) {
            writer.write(a, 0, 10);
            writer.write(a, 10, 14);
            writer.write(b, 0, 34);
            assertThat(file).doesNotExist();
            writer.finish();
        }

        try (GgufFile read = GgufFile.open(file)) {
            assertThat(read.metadata()).isEqualTo(metadata);
            assertThat(read.tensors()).containsOnlyKeys("a", "b");
            assertThat(read.tensor("a").orElseThrow().shape()).containsExactly(3L, 2L);
            assertThat(read.tensor("a").orElseThrow().data().toArray(ValueLayout.JAVA_BYTE))
                    .isEqualTo(a);
            assertThat(read.tensor("b").orElseThrow().type()).isEqualTo(TensorType.Q8_0);
            assertThat(read.tensor("b").orElseThrow().data().toArray(ValueLayout.JAVA_BYTE))
                    .isEqualTo(b);
        }
        assertOnly(file);
    }

    @Test
    void leavesNothingBehindWhenGivenUp() throws IOException {
        try (GgufWriter writer = new GgufWriter(directory.resolve("model.gguf"), Map.of(), ENTRIES)) {
            writer.write(bytes(24, 1), 0, 24);
            assertThatThrownBy(writer::finish).hasMessageContaining("34 bytes of b were not written");
        }
        assertOnly();
    }

    @Test
    void replacesNoFile() throws IOException {
        Path file = Files.writeString(directory.resolve("model.gguf"), "mine");
        assertThatThrownBy(() -> new GgufWriter(file, Map.of(), ENTRIES))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(file).hasContent("mine");
        assertOnly(file);
    }

    @Test
    void refusesWhatTheDiskCannotHold() {
        List<Entry> large = List.of(new Entry("a", TensorType.F32, List.of(1L << 30, 1L << 20)));
        assertThatThrownBy(() -> new GgufWriter(directory.resolve("model.gguf"), Map.of(), large))
                .hasMessageContaining("it will have 4,503,599,627,370,")
                .hasMessageContaining("are free on its disk");
    }

    private void assertOnly(Path... files) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            assertThat(all).containsExactly(files);
        }
    }

    private static byte[] bytes(int count, int first) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (first + i);
        }
        return bytes;
    }
}
