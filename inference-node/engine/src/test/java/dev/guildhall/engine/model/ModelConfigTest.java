package dev.guildhall.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.guildhall.engine.format.ModelFile;
import dev.guildhall.engine.format.ModelFormatException;
import dev.guildhall.engine.kernel.RotaryPairs;
import dev.guildhall.engine.model.Experts.Router;
import dev.guildhall.engine.model.Experts.Scores;
import dev.guildhall.engine.tensor.KeyValueShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shapes as the hub's configurations state them. */
class ModelConfigTest {

    private static final String KIMI_K2 = """
            {"model_type":"kimi_k2","vocab_size":163840,"hidden_size":7168,"intermediate_size":18432,
             "moe_intermediate_size":2048,"num_hidden_layers":61,"num_nextn_predict_layers":0,"num_attention_heads":64,
             "num_key_value_heads":64,"n_shared_experts":1,"n_routed_experts":384,"routed_scaling_factor":2.827,
             "kv_lora_rank":512,"q_lora_rank":1536,"qk_rope_head_dim":64,"v_head_dim":128,"qk_nope_head_dim":128,
             "topk_method":"noaux_tc","n_group":1,"topk_group":1,"num_experts_per_tok":8,"moe_layer_freq":1,
             "first_k_dense_replace":1,"norm_topk_prob":true,"scoring_func":"sigmoid","hidden_act":"silu",
             "max_position_embeddings":131072,"rms_norm_eps":1e-06,"rope_theta":50000.0,"attention_bias":false,
             "rope_scaling":{"beta_fast":1.0,"beta_slow":1.0,"factor":32.0,"mscale":1.0,"mscale_all_dim":1.0,
             "original_max_position_embeddings":4096,"type":"yarn"},"tie_word_embeddings":false}
            """;

    @TempDir
    private Path directory;

    @Test
    void readsTheShapeOfKimiK2() throws IOException {
        ModelConfig config = config(KIMI_K2);
        assertThat(config.architecture()).isEqualTo(Architecture.DEEPSEEK2);
        assertThat(config.latent()).isEqualTo(new LatentShape(1536, 512, 128, 64, 128));
        assertThat(config.attention().cache()).isEqualTo(new KeyValueShape(1, 576, 512, true));
        assertThat(config.attention().cache().size()).isEqualTo(576);
        assertThat(config.attention().scale()).isCloseTo((float) (1 / Math.sqrt(192)), within(1e-8f));
        assertThat(config.experts())
                .isEqualTo(new Experts(384, 8, 2048, 2048, 1, new Router(Scores.SIGMOID, 1, 1, true, 2.827)));
        assertThat(config.experts(0)).isNull();
        assertThat(config.experts(1)).isNotNull();
        assertThat(config.feedForwardSize()).isEqualTo(18432);
        assertThat(config.contextLength()).isEqualTo(131_072);
        assertThat(config.rotary().pairs()).isEqualTo(RotaryPairs.NEIGHBOURS);
        assertThat(config.rotary().factor()).isEqualTo(32);
        assertThat(config.rotary().yarn().scales()).isEqualTo(new RotaryShape.Scales(1, 1));
    }

    @Test
    void contextsEndAtAMillionPositionsWhateverTheFileSays() throws IOException {
        ModelConfig config = config(KIMI_K2.replace("131072", "10485760"));
        assertThat(config.contextLength()).isEqualTo(1_048_576);
        assertThat(config.contextLength(1024)).isEqualTo(1_048_576);
    }

    @Test
    void takesTheFactorFromTheContextsWhereNoneIsGiven() throws IOException {
        assertThat(config(KIMI_K2.replace("\"factor\":32.0", "\"factor\":null"))
                        .rotary()
                        .factor())
                .isEqualTo(32);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "n_group":1            | "n_group":7            | expert_group_count is 7, which 384 experts cannot be divided by
            "n_group":1            | "n_group":0            | expert_group_count is 0; 1 to 384 are possible
            "topk_group":1         | "topk_group":2         | expert_group_used_count is 2; 1 to 1 are possible
            "num_experts_per_tok":8| "num_experts_per_tok":385 | expert_used_count is 385; 1 to 384 are possible
            "kv_lora_rank":512     | "kv_lora_rank":500     | heads of size 564 cannot be read 8 elements at a time
            "qk_nope_head_dim":128 | "qk_nope_head_dim":0   | of which 64 turn; some must not
            "first_k_dense_replace":1 | "first_k_dense_replace":62 | leading_dense_block_count is 62; 0 to 61 are possible
            "scoring_func":"sigmoid" | "scoring_func":"softmax" | scoring_func is "softmax"
            "attention_bias":false | "attention_bias":true  | attention_bias is true
            "moe_layer_freq":1     | "moe_layer_freq":2     | moe_layer_freq is 2
            """)
    void refusesShapesThatCannotBe(String from, String to, String message) {
        assertThat(KIMI_K2).contains(from);
        assertThatThrownBy(() -> config(KIMI_K2.replace(from, to)))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(message);
    }

    private ModelConfig config(String json) throws IOException {
        Path file = Files.writeString(directory.resolve("config.json"), json);
        try (ModelFile opened = ModelFile.open(file)) {
            return ModelConfig.of(opened);
        }
    }
}
