package dev.guildhall.engine.generation;

import dev.guildhall.engine.format.ModelFile;
import dev.guildhall.engine.kernel.RowReader;
import dev.guildhall.engine.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Qwen3 checkpoint in GGUF as the hub has models that only embed: weights in f32 under names without a prefix, config.json and
 * the golden checkpoints' tokenizer.json.
 */
final class HubCopy {

    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("attn_norm", "input_layernorm"),
            Map.entry("attn_q", "self_attn.q_proj"),
            Map.entry("attn_k", "self_attn.k_proj"),
            Map.entry("attn_v", "self_attn.v_proj"),
            Map.entry("attn_output", "self_attn.o_proj"),
            Map.entry("attn_q_norm", "self_attn.q_norm"),
            Map.entry("attn_k_norm", "self_attn.k_norm"),
            Map.entry("ffn_norm", "post_attention_layernorm"),
            Map.entry("ffn_gate", "mlp.gate_proj"),
            Map.entry("ffn_up", "mlp.up_proj"),
            Map.entry("ffn_down", "mlp.down_proj"));

    private HubCopy() {}

    static Path write(Path gguf, Path directory) throws IOException {
        try (ModelFile file = ModelFile.open(gguf)) {
            writeWeights(file, directory.resolve("model.safetensors"));
            Files.writeString(directory.resolve("config.json"), config(file.metadata()));
            Files.copy(gguf.resolveSibling("llama3-tied-f32-hub/tokenizer.json"), directory.resolve("tokenizer.json"));
        }
        return directory;
    }

    private static void writeWeights(ModelFile file, Path target) throws IOException {
        ObjectNode header = JsonMapper.shared().createObjectNode();
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (Tensor tensor : file.tensors().values()) {
            ObjectNode described = header.putObject(hubName(tensor.name())).put("dtype", "F32");
            ArrayNode shape = described.putArray("shape");
            tensor.shape().reversed().forEach(shape::add);
            ArrayNode offsets = described.putArray("data_offsets").add(data.size());
            RowReader reader = new RowReader(tensor);
            float[] row = new float[tensor.columns()];
            for (int i = 0; i < tensor.rows(); i++) {
                reader.read(i, row, 0);
                ByteBuffer bytes = ByteBuffer.allocate(4 * row.length).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(row);
                data.writeBytes(bytes.array());
            }
            offsets.add(data.size());
        }
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer length =
                ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, json.length);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(length.array());
        all.writeBytes(json);
        all.writeBytes(data.toByteArray());
        Files.write(target, all.toByteArray());
    }

    private static String hubName(String name) {
        if (name.equals("token_embd.weight")) {
            return "embed_tokens.weight";
        }
        if (name.equals("output_norm.weight")) {
            return "norm.weight";
        }
        String[] parts = name.split("\\.", -1);
        return "layers.%s.%s.%s".formatted(parts[1], NAMES.get(parts[2]), parts[3]);
    }

    private static String config(Map<String, Object> gguf) {
        return """
                {"model_type":"qwen3","architectures":["Qwen3ForCausalLM"],"hidden_size":%s,"intermediate_size":%s,
                 "num_hidden_layers":%s,"num_attention_heads":%s,"num_key_value_heads":%s,"head_dim":%s,
                 "rms_norm_eps":%s,"rope_theta":%s,"max_position_embeddings":%s,"vocab_size":%d,
                 "tie_word_embeddings":true}""".formatted(
                        gguf.get("qwen3.embedding_length"),
                        gguf.get("qwen3.feed_forward_length"),
                        gguf.get("qwen3.block_count"),
                        gguf.get("qwen3.attention.head_count"),
                        gguf.get("qwen3.attention.head_count_kv"),
                        gguf.get("qwen3.attention.key_length"),
                        gguf.get("qwen3.attention.layer_norm_rms_epsilon"),
                        gguf.get("qwen3.rope.freq_base"),
                        gguf.get("qwen3.context_length"),
                        ((List<?>) Objects.requireNonNull(gguf.get("tokenizer.ggml.tokens"))).size());
    }
}
