package dev.guildhall.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.guildhall.engine.format.ModelFile;
import dev.guildhall.engine.kernel.RowReader;
import dev.guildhall.engine.tokenizer.TextGoldens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Rotations as a config.json asks for them, up to the last of 1,048,576 positions, as transformers computes them in f32. */
class RotaryGoldenTest {

    private static final String HEAD = "\"head_dim\":%d";
    private static final String LATENT = """
            "qk_rope_head_dim":%d,"qk_nope_head_dim":8,"v_head_dim":8,"kv_lora_rank":16,"moe_intermediate_size":8,
            "n_routed_experts":4,"num_experts_per_tok":1,"first_k_dense_replace":0""";

    @TempDir
    private Path directory;

    static Stream<Arguments> cases() {
        JsonNode cases = TextGoldens.read("rotary.json.gz");
        return cases.valueStream()
                .map(rotation -> Arguments.of(rotation.get("name").stringValue(), rotation));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void turnsAsTransformersDoes(String name, JsonNode expected) throws IOException {
        RotaryAngles angles = angles(expected);
        float[] frequencies = floats(expected.get("frequencies"));
        int pairs = frequencies.length;
        float[] cosines = new float[pairs];
        float[] sines = new float[pairs];
        for (int i = 0; i < expected.get("positions").size(); i++) {
            int position = expected.get("positions").get(i).intValue();
            angles.write(position, cosines, sines, 0);
            float[] cosinesExpected = floats(expected.get("cosines").get(i));
            float[] sinesExpected = floats(expected.get("sines").get(i));
            for (int pair = 0; pair < pairs; pair++) {
                // A power's last bit may differ between libraries; it counts once for each radian turned.
                float tolerance = (float) (1e-6 + 1.5e-7 * position * frequencies[pair]);
                assertThat(cosines[pair])
                        .as("cosine of pair %d at %d", pair, position)
                        .isCloseTo(cosinesExpected[pair], within(tolerance));
                assertThat(sines[pair])
                        .as("sine of pair %d at %d", pair, position)
                        .isCloseTo(sinesExpected[pair], within(tolerance));
            }
        }
        assertThat(angles.scoreScale()).isCloseTo(expected.get("scoreScale").floatValue(), within(1e-6f));
    }

    private RotaryAngles angles(JsonNode expected) throws IOException {
        String type = expected.get("modelType").stringValue();
        String heads = (type.equals("deepseek_v3") ? LATENT : HEAD)
                .formatted(expected.get("dimensions").intValue());
        String text = """
                {"model_type":"%s","hidden_size":64,"num_hidden_layers":1,"num_attention_heads":1,"intermediate_size":64,
                 "rms_norm_eps":1e-6,"max_position_embeddings":1048576,"vocab_size":96,"tie_word_embeddings":true,%s,
                 "rope_parameters":%s}
                """.formatted(type, heads, expected.get("rope"));
        Path config = Files.writeString(directory.resolve("config.json"), text);
        try (ModelFile file = ModelFile.open(config)) {
            RotaryShape shape = ModelConfig.of(file).rotary();
            float[] divisors = file.tensor("rope_freqs.weight")
                    .map(tensor -> {
                        float[] values = new float[tensor.columns()];
                        new RowReader(tensor).read(0, values, 0);
                        return values;
                    })
                    .orElseGet(() -> new float[0]);
            return new RotaryAngles(shape, shape.factor(), divisors);
        }
    }

    private static float[] floats(JsonNode values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i).floatValue();
        }
        return floats;
    }
}
