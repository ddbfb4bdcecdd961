package dev.guildhall.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.engine.format.ModelFile;
import dev.guildhall.engine.tensor.KeyValueType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelSummaryTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    /** Qwen3-Coder-480B-A35B-Instruct's. */
    private static final String QWEN3_CODER = """
            {"model_type": "qwen3_moe", "num_hidden_layers": 62, "hidden_size": 6144, "num_attention_heads": 96,
             "num_key_value_heads": 8, "head_dim": 128, "intermediate_size": 8192, "moe_intermediate_size": 2560,
             "num_experts": 160, "num_experts_per_tok": 8, "norm_topk_prob": true, "vocab_size": 151936,
             "max_position_embeddings": 262144, "rope_theta": 10000000, "rope_scaling": null, "rms_norm_eps": 1e-6,
             "decoder_sparse_step": 1, "mlp_only_layers": [], "shared_expert_intermediate_size": 0,
             "tie_word_embeddings": false, "use_sliding_window": false, "hidden_act": "silu"}""";

    /** Kimi-K2-Instruct's. */
    private static final String KIMI = """
            {"model_type": "kimi_k2", "num_hidden_layers": 61, "hidden_size": 7168, "num_attention_heads": 64,
             "num_key_value_heads": 64, "q_lora_rank": 1536, "kv_lora_rank": 512, "qk_nope_head_dim": 128,
             "qk_rope_head_dim": 64, "v_head_dim": 128, "intermediate_size": 18432, "moe_intermediate_size": 2048,
             "n_routed_experts": 384, "num_experts_per_tok": 8, "n_shared_experts": 1, "n_group": 1, "topk_group": 1,
             "norm_topk_prob": true, "routed_scaling_factor": 2.827, "scoring_func": "sigmoid", "moe_layer_freq": 1,
             "first_k_dense_replace": 1, "rope_theta": 50000.0, "max_position_embeddings": 131072, "vocab_size": 163840,
             "rope_scaling": {"type": "yarn", "factor": 32.0, "original_max_position_embeddings": 4096, "beta_fast": 1.0,
              "beta_slow": 1.0, "mscale": 1.0, "mscale_all_dim": 1.0},
             "tie_word_embeddings": false, "rms_norm_eps": 1e-6, "hidden_act": "silu", "attention_bias": false,
             "quantization_config": {"quant_method": "fp8", "weight_block_size": [128, 128]}}""";

    @TempDir
    private Path directory;

    private ModelSummary summary(String config) throws IOException {
        try (ModelFile file = ModelFile.open(Files.writeString(directory.resolve("config.json"), config))) {
            return ModelSummary.of(file);
        }
    }

    @Test
    void knowsALargeMixtureByItsConfigurationAlone() throws IOException {
        ModelSummary summary = summary(QWEN3_CODER);
        assertThat(summary.parameters()).isEqualTo(480_154_875_392L);
        assertThat(summary.activeParameters()).isEqualTo(35_474_765_312L);
        // Layers · heads · size · (keys and values) · f32.
        assertThat(summary.cacheBytesPerToken(KeyValueType.F32)).isEqualTo(62L * 8 * 128 * 2 * 4);
    }

    @Test
    void knowsLatentAttentionByItsConfigurationAlone() throws IOException {
        ModelSummary summary = summary(KIMI);
        assertThat(summary.parameters()).isBetween(1_026_400_000_000L, 1_026_410_000_000L);
        assertThat(summary.activeParameters()).isBetween(32_860_000_000L, 32_870_000_000L);
        // Layers · (latent and the part that turns) · f32.
        assertThat(summary.cacheBytesPerToken(KeyValueType.F32)).isEqualTo(61L * (512 + 64) * 4);
    }

    @Test
    void countsWhatIsInAFile() throws IOException {
        try (ModelFile file = ModelFile.open(GOLDEN.resolve("qwen2moe-untied-q4.gguf"))) {
            ModelSummary summary = ModelSummary.of(file);
            long elements = file.tensors().values().stream()
                    .mapToLong(tensor -> tensor.elements())
                    .sum();
            assertThat(summary.parameters()).isEqualTo(elements);
            assertThat(summary.activeParameters()).isLessThan(elements);
            assertThat(summary.tensorTypes()).containsKeys("F32", "Q8_0", "Q4_0");
            assertThat(summary.weightBytes()).isLessThan(Files.size(file.path()));
        }
    }

    @Test
    void refusesWhatWillNotFitWithTheNumbers() throws IOException {
        try (ModelFile file = ModelFile.open(GOLDEN.resolve("qwen3-tied-q8.gguf"))) {
            long bytes = 1_000_000 * ModelSummary.of(file).cacheBytesPerToken(KeyValueType.F32);
            assertThatCode(() -> require(file, 1_000_000, 2 * bytes, 2 * bytes)).doesNotThrowAnyException();
            assertThatThrownBy(() -> require(file, 1_000_000, bytes, 2 * bytes))
                    .isInstanceOf(MemoryLimitException.class)
                    .hasMessageContaining("for its weights and")
                    .hasMessageContaining("for a context of 1,000,000 tokens; the heap may have");
            assertThatThrownBy(() -> require(file, 1_000_000, 2 * bytes, bytes))
                    .hasMessageContaining("; the machine has");
        }
    }

    private static void require(ModelFile file, long tokens, long heapMax, long available) throws IOException {
        ModelSummary.requireRoom(file, Backend.VECTOR, tokens, KeyValueType.F32, heapMax, available);
    }
}
