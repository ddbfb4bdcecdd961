package dev.guildhall.engine.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.guildhall.engine.tensor.Tensor;
import dev.guildhall.engine.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsModelTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden/qwen3moe-bf16-hub");

    private static final String CONFIG = """
            {"model_type":"mixtral","hidden_size":8,"num_hidden_layers":1,"num_attention_heads":2,"intermediate_size":16,
             "num_local_experts":2,"num_experts_per_tok":1,"rms_norm_eps":1e-5,"max_position_embeddings":32,"rope_theta":5e5,
             "rope_scaling":{"type":"yarn","factor":4,"attention_factor":1.5},"tie_word_embeddings":true}
            """;

    @TempDir
    private Path directory;

    @BeforeEach
    void writeASmallModel() throws IOException {
        Files.writeString(directory.resolve("config.json"), CONFIG);
        write("""
                {"__metadata__":{"format":"pt"},
                 "model.norm.weight":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},
                 "lm_head.weight":{"dtype":"BF16","shape":[1,2],"data_offsets":[8,12]},
                 "model.layers.3.block_sparse_moe.experts.1.w2.weight":{"dtype":"F16","shape":[2,1],"data_offsets":[12,16]},
                 "model.layers.3.self_attn.q_proj.bias":{"dtype":"F32","shape":[1],"data_offsets":[16,20]},
                 "model.strange":{"dtype":"F32","shape":[1],"data_offsets":[16,20]}}
                """);
    }

    @Test
    void tellsTheHubsConfigurationInGgufsWords() throws IOException {
        try (ModelFile file = ModelFile.open(directory)) {
            assertThat(file.metadata())
                    .containsEntry("general.architecture", "llama")
                    .containsEntry("llama.block_count", 1L)
                    .containsEntry("llama.expert_count", 2L)
                    .containsEntry("llama.attention.layer_norm_rms_epsilon", 1e-5)
                    .containsEntry("llama.rope.freq_base", 5e5)
                    .containsEntry("llama.rope.scaling.type", "yarn")
                    .containsEntry("llama.rope.scaling.factor", 4.0)
                    .containsEntry("llama.rope.scaling.original_context_length", 32L)
                    .containsEntry(SafetensorsModel.ATTENTION_FACTOR, 1.5);
            assertThat(file.rotatesHalves()).isTrue();
        }
    }

    @Test
    void namesTensorsAsGgufDoesAndLeavesOutATiedOutputMatrix() throws IOException {
        try (ModelFile file = ModelFile.open(directory)) {
            assertThat(file.tensors().keySet())
                    .containsExactly(
                            "output_norm.weight", "blk.3.ffn_down.1.weight", "blk.3.attn_q.bias", "model.strange");
            Tensor down = file.tensor("blk.3.ffn_down.1.weight").orElseThrow();
            assertThat(down.type()).isEqualTo(TensorType.F16);
            assertThat(down.shape()).isEqualTo(List.of(1L, 2L));
            assertThat(down.data().get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 12);
        }
    }

    @Test
    void namesTensorsOfModelsThatOnlyEmbed() throws IOException {
        write("""
                {"embed_tokens.weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},
                 "norm.weight":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},
                 "layers.0.input_layernorm.weight":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}
                """);
        try (ModelFile file = ModelFile.open(directory)) {
            assertThat(file.tensors().keySet())
                    .containsExactly("token_embd.weight", "output_norm.weight", "blk.0.attn_norm.weight");
        }
    }

    @Test
    void leavesOutLayersThatGuessFurtherTokens() throws IOException {
        config("\"mixtral\"", "\"deepseek_v3\",\"num_nextn_predict_layers\":2");
        write("""
                {"model.layers.0.input_layernorm.weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},
                 "model.layers.1.input_layernorm.weight":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},
                 "model.layers.2.eh_proj.weight":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},
                 "model.layers.3.input_layernorm.weight":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}
                """);
        try (ModelFile file = ModelFile.open(directory)) {
            assertThat(file.tensors().keySet()).containsExactly("blk.0.attn_norm.weight", "blk.3.attn_norm.weight");
            assertThat(file.rotatesHalves()).isFalse();
        }
    }

    @Test
    void bringsEightBitFloatsTogetherWithTheirScales() throws IOException {
        String scaled = """
                {"model.layers.3.self_attn.q_proj.weight":{"dtype":"F8_E4M3","shape":[2,4],"data_offsets":[0,8]},
                 "model.layers.3.self_attn.q_proj.weight_scale_inv":{"dtype":"BF16","shape":[1,1],"data_offsets":[8,10]}}""";
        write(scaled);
        try (ModelFile file = ModelFile.open(directory)) {
            assertThat(file.tensors()).containsOnlyKeys("blk.3.attn_q.weight");
            Tensor weights = file.tensor("blk.3.attn_q.weight").orElseThrow();
            assertThat(weights.type()).isEqualTo(TensorType.F8_E4M3);
            assertThat(Objects.requireNonNull(weights.scales()).type()).isEqualTo(TensorType.BF16);
        }
        write(scaled.replace("[1,1],\"data_offsets\":[8,10]", "[1,2],\"data_offsets\":[8,12]"));
        assertRefused("a matrix of shape [4, 2] has scales of shape [1, 1], not [2, 1]");
    }

    @Test
    void makesDivisorsOfLlama3sRotation() throws IOException {
        config("\"rope_scaling\":{\"type\":\"yarn\",\"factor\":4,\"attention_factor\":1.5}", """
                "rope_parameters":{"rope_type":"llama3","rope_theta":100,"factor":8,"low_freq_factor":1,"high_freq_factor":4,
                 "original_max_position_embeddings":32}""");
        try (ModelFile file = ModelFile.open(directory)) {
            Tensor divisors = file.tensor("rope_freqs.weight").orElseThrow();
            // Pair 0 turns 5.1 times over 32 positions, pair 1 half a time.
            assertThat(divisors.data().getAtIndex(ValueLayout.JAVA_FLOAT, 0)).isEqualTo(1, within(1e-6f));
            assertThat(divisors.data().getAtIndex(ValueLayout.JAVA_FLOAT, 1)).isEqualTo(8, within(1e-5f));
            assertThat(file.metadata()).containsEntry("llama.rope.freq_base", 100.0);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "mixtral"                | "gpt42"                              | model_type is gpt42; the engine runs [deepseek_v3, kimi_k2, llama, mixtral,
            "type":"yarn"            | "type":"dynamic"                     | rope_type is dynamic
            "num_local_experts":2    | "hidden_act":"gelu"                  | hidden_act is "gelu"
            "num_local_experts":2    | "use_sliding_window":true            | use_sliding_window is true
            "num_local_experts":2    | "mlp_only_layers":[1]                | mlp_only_layers is [1]
            "num_local_experts":2    | "quantization_config":{"quant_method":"awq"} | quantization_config is {"quant_method":"awq"}
            "num_local_experts":2    | "quantization_config":{"quant_method":"fp8","weight_block_size":[64,64]} | quantization_config is {
            "num_local_experts":2    | "hidden_size":3                      | it is no JSON: Duplicate
            """)
    void refusesConfigurationsThatItDoesNotRun(String from, String to, String message) throws IOException {
        config(from, to);
        assertRefused("config.json: " + message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "F32","shape":[2] | "F8_E5M2","shape":[2]   | tensor model.norm.weight has dtype F8_E5M2
            "F32","shape":[2] | "F32","shape":[]        | tensor model.norm.weight has the shape []
            "F32","shape":[2] | "F32","shape":[-2]      | tensor model.norm.weight has the shape [-2]: more than
            "F32","shape":[2] | "F32","shape":[99999,99999] | tensor model.norm.weight has the shape [99999,99999]: more
            [0,8]             | [0,80]                  | takes 8 bytes; its data_offsets are 0 and 80 of 20
            [0,8]             | [8,0]                   | takes 8 bytes; its data_offsets are 8 and 0 of 20
            [0,8]             | [9223372036854775800,9223372036854775808] | tensor model.norm.weight has the data_offsets
            """)
    void refusesHeadersThatAreWrong(String from, String to, String message) throws IOException {
        String header = "{\"model.norm.weight\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
        assertThat(header).contains(from);
        write(header.replace(from, to));
        assertRefused(message);
    }

    @Test
    void refusesAHeaderThatIsLongerThanTheFile() throws IOException {
        Files.write(directory.resolve("model.safetensors"), new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, 0});
        assertRefused("the header's length is 18446744073709551615; at most 1 bytes are possible");
        Files.write(directory.resolve("model.safetensors"), new byte[] {1, 2});
        assertRefused("it has 2 bytes, too few for the length of a header");
    }

    @Test
    void readsOnlyFilesOfTheDirectory() throws IOException {
        Path index = directory.resolve("model.safetensors.index.json");
        Files.writeString(index, "{\"weight_map\":{\"a\":\"../model.safetensors\"}}");
        assertRefused("weight_map has a in \"../model.safetensors\", no safetensors file");
        Files.writeString(index, "{\"weight_map\":{\"a\":\"model.safetensors\"}}");
        assertRefused("weight_map has a in model.safetensors, but it is not there");
    }

    @Test
    void survivesAnyMutationOfTheHead() throws IOException {
        for (String name : List.of("config.json", "model.safetensors.index.json", "model-00002-of-00002.safetensors")) {
            Files.copy(GOLDEN.resolve(name), directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        byte[] bytes = Files.readAllBytes(GOLDEN.resolve("model-00001-of-00002.safetensors"));
        Random random = new Random(5);
        int refused = 0;
        for (int i = 0; i < 500; i++) {
            byte[] mutated = bytes.clone();
            for (int flips = random.nextInt(1, 5); flips > 0; flips--) {
                mutated[random.nextInt(4_000)] = (byte) random.nextInt();
            }
            Files.write(directory.resolve("model-00001-of-00002.safetensors"), mutated);
            try (ModelFile file = ModelFile.open(directory)) {
                assertThat(file.tensors()).isNotEmpty();
            } catch (ModelFormatException expected) {
                assertThat(expected).hasMessageContaining(directory.toString());
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    private void config(String from, String to) throws IOException {
        assertThat(CONFIG).contains(from);
        Files.writeString(directory.resolve("config.json"), CONFIG.replace(from, to));
    }

    /** A file with this header and 20 bytes of data that count up. */
    private void write(String header) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + json.length + 20).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length).put(json);
        for (int i = 0; i < 20; i++) {
            bytes.put((byte) i);
        }
        Files.write(directory.resolve("model.safetensors"), bytes.array());
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> ModelFile.open(directory))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(message);
    }
}
