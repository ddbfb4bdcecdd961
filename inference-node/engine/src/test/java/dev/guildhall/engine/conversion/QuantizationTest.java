package dev.guildhall.engine.conversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.engine.format.GgufFile;
import dev.guildhall.engine.format.GgufWriter;
import dev.guildhall.engine.model.ModelConfig;
import dev.guildhall.engine.model.ModelSummary;
import dev.guildhall.engine.tensor.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantizationTest {

    @TempDir
    private Path directory;

    private Path quantized(String golden, TensorType type) throws IOException {
        Path out = directory.resolve(golden + "." + type + ".gguf");
        Quantization.write(Answers.GOLDEN.resolve(golden), type, out, (_, _) -> {});
        return out;
    }

    /** Names, stacked experts, the order of q's and k's rows, and the slowed rotation: all must arrive. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama3-tied-f32-hub",
                "mixtral-bf16-hub",
                "qwen2moe-bf16-hub",
                "qwen3moe-bf16-hub",
                "kimi-bf16-hub"
            })
    void turnsADirectoryOfTheHubIntoTheSameModel(String golden) throws IOException {
        assertThat(Answers.difference(Answers.GOLDEN.resolve(golden), quantized(golden, TensorType.F32)))
                .isLessThan(1e-5);
    }

    @Test
    void refusesARotationThatGgufCannotState() {
        assertThatThrownBy(() -> quantized("deepseek-halves-bf16-hub", TensorType.F32))
                .hasMessageEndingWith("its rope_interleave is false, which GGUF has no key for");
    }

    @ParameterizedTest
    @CsvSource({
        "qwen2-tied-f32.gguf, Q8_0, 0.1",
        "qwen2-tied-f32.gguf, BF16, 0.02",
        "qwen3moe-bf16-hub, Q8_0, 0.1",
        "mixtral-bf16-hub, Q8_0, 0.1",
        "qwen2-tied-k.gguf, Q4_K, 0.3"
    })
    void answersMuchAsBefore(String golden, TensorType type, double tolerance) throws IOException {
        assertThat(Answers.difference(Answers.GOLDEN.resolve(golden), quantized(golden, type)))
                .isBetween(1e-6, tolerance);
    }

    @Test
    void tellsTheSizeBeforeItWrites() throws IOException {
        try (GgufFile file = GgufFile.open(quantized("qwen3moe-bf16-hub", TensorType.Q8_0))) {
            assertThat(Quantization.bytes(ModelConfig.of(file), TensorType.Q8_0))
                    .isEqualTo(ModelSummary.of(file).weightBytes());
        }
    }

    @Test
    void choosesTypesThatFit() throws IOException {
        try (GgufFile file = GgufFile.open(quantized("qwen3moe-bf16-hub", TensorType.Q4_K))) {
            // Rows of 32 are too short for the K types.
            assertThat(types(file, "blk.0.attn_q.weight", "token_embd.weight"))
                    .containsExactly(TensorType.Q5_0, TensorType.Q5_0);
            assertThat(types(file, "output.weight")).containsExactly(TensorType.Q8_0);
            assertThat(types(file, "blk.0.ffn_gate_inp.weight", "blk.0.attn_norm.weight", "blk.0.attn_q_norm.weight"))
                    .containsExactly(TensorType.F32, TensorType.F32, TensorType.F32);
        }
        try (GgufFile file = GgufFile.open(quantized("qwen2-tied-k.gguf", TensorType.Q4_K))) {
            // Tied: the table is the output matrix too.
            assertThat(types(file, "token_embd.weight")).containsExactly(TensorType.Q6_K);
            assertThat(types(file, "blk.0.ffn_down.weight")).containsExactly(TensorType.Q4_K);
            assertThat(file.metadata()).containsEntry("general.file_type", 14L);
        }
    }

    @Test
    void keepsWhatTheFileSays() throws IOException {
        Path in = Answers.GOLDEN.resolve("qwen2-tied-q4.gguf");
        try (GgufFile before = GgufFile.open(in);
                GgufFile after = GgufFile.open(quantized("qwen2-tied-q4.gguf", TensorType.Q8_0))) {
            assertThat(after.metadata())
                    .containsAllEntriesOf(before.metadata().entrySet().stream()
                            .filter(entry -> !entry.getKey().equals("general.file_type"))
                            .collect(Collectors.toMap(entry -> entry.getKey(), entry -> entry.getValue())));
            assertThat(after.tensors().keySet()).isEqualTo(before.tensors().keySet());
        }
    }

    @Test
    void replacesNoFile() throws IOException {
        quantized("qwen2-tied-f32.gguf", TensorType.Q8_0);
        assertThatThrownBy(() -> quantized("qwen2-tied-f32.gguf", TensorType.Q8_0))
                .isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    void namesTheFirstNumberThatIsNone() throws IOException {
        Path broken = directory.resolve("broken.gguf");
        try (GgufFile source = GgufFile.open(Answers.GOLDEN.resolve("qwen2-tied-f32.gguf"))) {
            List<NewTensor> tensors = new ArrayList<>();
            source.tensors().values().forEach(tensor -> {
                SourceRows rows = SourceRows.of(tensor);
                tensors.add(
                        tensor.name().equals("blk.1.ffn_up.weight")
                                ? new NewTensor(
                                        new GgufWriter.Entry(tensor.name(), tensor.type(), tensor.shape()),
                                        (first, count, out) -> {
                                            rows.copy().rows().pack(first, count, out);
                                            ByteBuffer.wrap(out)
                                                    .order(ByteOrder.LITTLE_ENDIAN)
                                                    .putFloat(4 * (3 * tensor.columns() + 7), Float.NaN);
                                        })
                                : rows.copy());
            });
            ModelOutput.write(broken, source.metadata(), tensors, (_, _) -> {});
        }
        Path out = directory.resolve("out.gguf");
        assertThatThrownBy(() -> Quantization.write(broken, TensorType.Q8_0, out, (_, _) -> {}))
                .hasMessageContaining("blk.1.ffn_up.weight[3, 7] is NaN");
        assertThat(directory).isDirectoryNotContaining(path -> path.toString().contains("out"));
    }

    private static List<TensorType> types(GgufFile file, String... names) {
        return List.of(names).stream()
                .map(name -> file.tensor(name).orElseThrow().type())
                .toList();
    }
}
