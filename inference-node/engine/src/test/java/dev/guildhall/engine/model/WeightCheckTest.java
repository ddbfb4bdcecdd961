package dev.guildhall.engine.model;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.engine.format.GgufFile;
import dev.guildhall.engine.format.GgufWriter;
import dev.guildhall.engine.format.GgufWriter.Entry;
import dev.guildhall.engine.format.ModelFile;
import dev.guildhall.engine.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightCheckTest {

    @TempDir
    private Path directory;

    @Test
    void findsNothingInSoundModels() throws IOException {
        for (String golden : List.of("qwen2-tied-q4.gguf", "qwen3moe-bf16-hub")) {
            try (ModelFile file = ModelFile.open(Path.of("src/test/resources/golden").resolve(golden))) {
                assertThatCode(() -> WeightCheck.check(file)).doesNotThrowAnyException();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "F16, 0x7e00, 'w[2, 5] is NaN'",
        "F16, 0xfc00, 'w[2, 5] is -Infinity'",
        "BF16, 0x7f80, 'w[2, 5] is Infinity'",
        "Q8_0, 0x7e00, 'w[2, 0] is NaN'"
    })
    void namesTheTensorAndThePlace(TensorType type, String bits, String message) throws IOException {
        byte[] bytes = new byte[(int) type.bytes(32 * 4)];
        int at = (int) (2 * type.bytes(32) + (type == TensorType.Q8_0 ? 0 : 10));
        int value = Integer.decode(bits);
        bytes[at] = (byte) value;
        bytes[at + 1] = (byte) (value >> 8);
        Path path = directory.resolve("broken.gguf");
        try (GgufWriter writer =
                new GgufWriter(path, Map.of(), List.of(new Entry("w", type, List.of(32L, 4L))))) {
            writer.write(bytes, 0, bytes.length);
            writer.finish();
        }
        try (GgufFile file = GgufFile.open(path)) {
            assertThatThrownBy(() -> WeightCheck.check(file)).hasMessageEndingWith("broken.gguf: weight " + message);
        }
    }
}
