package dev.guildhall.engine.conversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.engine.format.GgufFile;
import dev.guildhall.engine.generation.GenerationRequest;
import dev.guildhall.engine.generation.LanguageModel;
import dev.guildhall.engine.generation.LoadOptions;
import dev.guildhall.engine.tensor.Tensor;
import dev.guildhall.engine.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RandomModelTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    @TempDir
    private Path directory;

    private Path config = Path.of("config.json");

    @BeforeEach
    void writeConfig() throws IOException {
        config = Files.writeString(directory.resolve("config.json"), """
                {"model_type": "qwen3_moe", "num_hidden_layers": 2, "hidden_size": 512, "num_attention_heads": 4,
                 "num_key_value_heads": 2, "head_dim": 128, "intermediate_size": 96, "moe_intermediate_size": 96,
                 "num_experts": 4, "num_experts_per_tok": 2, "norm_topk_prob": true, "vocab_size": 400,
                 "max_position_embeddings": 128, "rope_theta": 1000000.0, "rms_norm_eps": 1e-6,
                 "tie_word_embeddings": false}""");
    }

    private Path write(TensorType type, long seed, @Nullable Path tokenizer) throws IOException {
        Path out = directory.resolve(type + "-" + seed + ".gguf");
        RandomModel.write(config, type, seed, tokenizer, out, (_, _) -> {});
        return out;
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16", "Q4_0", "Q8_0", "Q4_K"})
    void answersInEveryType(TensorType type) throws Exception {
        try (LanguageModel model = LanguageModel.load(write(type, 1, null), LoadOptions.defaults())) {
            int[] prompt = model.tokenizer().encode("int total = 1;");
            assertThat(model.tokenizer().decode(prompt)).isEqualTo("int total = 1;");
            assertThat(model.generate(GenerationRequest.of(prompt).withAnswerTokensMax(5), _ -> {})
                            .tokens())
                    .isNotEmpty();
        }
    }

    @Test
    void hasTheShapeOfTheConfigurationAndTypesThatFit() throws IOException {
        try (GgufFile file = GgufFile.open(write(TensorType.Q4_K, 1, null))) {
            Tensor query = file.tensor("blk.1.attn_q.weight").orElseThrow();
            assertThat(query.shape()).containsExactly(512L, 512L);
            assertThat(query.type()).isEqualTo(TensorType.Q4_K);
            assertThat(file.tensor("blk.0.ffn_gate_exps.weight").orElseThrow().shape())
                    .containsExactly(512L, 96L, 4L);
            assertThat(file.tensor("blk.0.ffn_down_exps.weight").orElseThrow().type())
                    .isEqualTo(TensorType.Q5_0);
            assertThat(file.tensor("blk.0.ffn_gate_inp.weight").orElseThrow().type())
                    .isEqualTo(TensorType.F32);
            assertThat(file.tensor("output.weight").orElseThrow().type()).isEqualTo(TensorType.Q6_K);
            assertThat(file.metadata()).containsEntry("qwen3moe.attention.value_length", 128L);
        }
    }

    @Test
    void dependsOnTheSeedAlone() throws IOException {
        byte[] first = Files.readAllBytes(write(TensorType.Q4_0, 1, null));
        assertThat(Files.readAllBytes(write(TensorType.Q4_0, 2, null))).isNotEqualTo(first);
        Files.delete(directory.resolve("Q4_0-1.gguf"));
        assertThat(Files.readAllBytes(write(TensorType.Q4_0, 1, null))).isEqualTo(first);
    }

    @Test
    void hasNoTwoEqualRows() throws IOException {
        try (GgufFile file = GgufFile.open(write(TensorType.Q4_K, 1, null))) {
            Tensor output = file.tensor("output.weight").orElseThrow();
            Set<String> rows = new HashSet<>();
            for (int row = 0; row < output.rows(); row++) {
                rows.add(HexFormat.of()
                        .formatHex(output.data()
                                .asSlice(row * output.rowBytes(), output.rowBytes())
                                .toArray(ValueLayout.JAVA_BYTE)));
            }
            assertThat(rows).hasSize(400);
        }
    }

    @Test
    void takesTheVocabularyOfAnotherFile() throws IOException {
        Path from = GOLDEN.resolve("qwen2-tied-f32.gguf");
        try (GgufFile file = GgufFile.open(write(TensorType.Q8_0, 1, from));
                GgufFile other = GgufFile.open(from)) {
            assertThat(file.metadata().get("tokenizer.ggml.tokens"))
                    .isEqualTo(other.metadata().get("tokenizer.ggml.tokens"));
        }
    }

    @Test
    void refusesAVocabularyThatIsTooLarge() throws IOException {
        Files.writeString(config, Files.readString(config).replace("400", "300"));
        assertThatThrownBy(() -> write(TensorType.Q8_0, 1, GOLDEN.resolve("qwen2-tied-f32.gguf")))
                .hasMessageContaining("has a vocabulary of 320 tokens, the model one of 300: it does not fit");
        Files.writeString(config, Files.readString(config).replace("300", "256"));
        assertThatThrownBy(() -> write(TensorType.Q8_0, 1, null)).hasMessageContaining("256 tokens, too few");
    }
}
