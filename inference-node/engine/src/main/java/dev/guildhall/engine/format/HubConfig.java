package dev.guildhall.engine.format;

import dev.guildhall.engine.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** A config.json, as the hub has it or as transformers 5 writes it, translated into GGUF's keys. */
final class HubConfig {

    private static final Map<String, String> ARCHITECTURES = Map.of(
            "llama", "llama",
            "mixtral", "llama",
            "qwen2", "qwen2",
            "qwen2_moe", "qwen2moe",
            "qwen3", "qwen3",
            "qwen3_moe", "qwen3moe",
            "deepseek_v3", "deepseek2",
            "kimi_k2", "deepseek2");

    private static final Map<String, String> KEYS = Map.ofEntries(
            Map.entry("num_hidden_layers", "block_count"),
            Map.entry("hidden_size", "embedding_length"),
            Map.entry("intermediate_size", "feed_forward_length"),
            Map.entry("num_attention_heads", "attention.head_count"),
            Map.entry("num_key_value_heads", "attention.head_count_kv"),
            Map.entry("head_dim", "attention.key_length"),
            Map.entry("vocab_size", "vocab_size"),
            Map.entry("rms_norm_eps", "attention.layer_norm_rms_epsilon"),
            Map.entry("max_position_embeddings", "context_length"),
            Map.entry("num_experts", "expert_count"),
            Map.entry("num_local_experts", "expert_count"),
            Map.entry("num_experts_per_tok", "expert_used_count"),
            Map.entry("moe_intermediate_size", "expert_feed_forward_length"),
            Map.entry("shared_expert_intermediate_size", "expert_shared_feed_forward_length"),
            Map.entry("norm_topk_prob", "expert_weights_norm"),
            Map.entry("n_routed_experts", "expert_count"),
            Map.entry("n_shared_experts", "expert_shared_count"),
            Map.entry("routed_scaling_factor", "expert_weights_scale"),
            Map.entry("n_group", "expert_group_count"),
            Map.entry("topk_group", "expert_group_used_count"),
            Map.entry("first_k_dense_replace", "leading_dense_block_count"),
            Map.entry("q_lora_rank", "attention.q_lora_rank"),
            Map.entry("kv_lora_rank", "attention.kv_lora_rank"),
            Map.entry("v_head_dim", "attention.value_length_mla"),
            Map.entry("qk_rope_head_dim", "rope.dimension_count"));

    private static final String LATENT = "deepseek2";
    private static final long GATING_SIGMOID = 2;
    private static final Pattern LAYER = Pattern.compile("model\\.layers\\.(\\d{1,4})\\..+");

    private static final int HEAD_SIZE_MAX = 1 << 16;
    private static final double ROPE_THETA_DEFAULT = 10_000;

    private final Path file;
    private final JsonNode config;
    private final JsonNode rope;
    private final String architecture;

    HubConfig(Path file, JsonNode config) throws ModelFormatException {
        this.file = file;
        this.config = config;
        // transformers 5 has the base among the parameters, the hub beside them.
        rope = config.path("rope_parameters").isObject() ? config.path("rope_parameters") : config.path("rope_scaling");
        String type = config.path("model_type").asString("");
        String name = ARCHITECTURES.get(type);
        if (name == null) {
            throw new ModelFormatException(
                    file,
                    "model_type is %s; the engine runs %s"
                            .formatted(
                                    type,
                                    ARCHITECTURES.keySet().stream().sorted().toList()));
        }
        architecture = name;
        refuseUnless("hidden_act", config.path("hidden_act").asString("silu").equals("silu"));
        refuseUnless("quantization_config", weightsAreReadable());
        refuseUnless("use_sliding_window", !config.path("use_sliding_window").asBoolean(false));
        refuseUnless("decoder_sparse_step", config.path("decoder_sparse_step").asInt(1) == 1);
        refuseUnless("mlp_only_layers", config.path("mlp_only_layers").isEmpty());
        refuseUnless("moe_layer_freq", config.path("moe_layer_freq").asInt(1) == 1);
        refuseUnless(
                "scoring_func", config.path("scoring_func").asString("sigmoid").equals("sigmoid"));
        // Of Qwen2 it is part of the family.
        refuseUnless("attention_bias", !config.path("attention_bias").asBoolean(false));
    }

    /** Whether the rows of q and k are in the order of the reference's halves. */
    boolean rotatesHalves() {
        return !(architecture.equals(LATENT) && config.path("rope_interleave").asBoolean(true));
    }

    /** Layers after the last guess tokens beyond the next; the engine has no use for them. */
    boolean predictsFurther(String tensor) {
        Matcher layer = LAYER.matcher(tensor);
        int layers = config.path("num_hidden_layers").asInt(0);
        int further = config.path("num_nextn_predict_layers").asInt(0);
        return layer.matches()
                && Integer.parseInt(layer.group(1)) >= layers
                && Integer.parseInt(layer.group(1)) < layers + further;
    }

    /** Plain numbers, or eight-bit floats with a scale for each square of 128. */
    private boolean weightsAreReadable() {
        JsonNode quantization = config.path("quantization_config");
        JsonNode block = quantization.path("weight_block_size");
        return quantization.isEmpty()
                || (quantization.path("quant_method").asString("").equals("fp8")
                        && (block.isEmpty()
                                || (block.path(0).asInt(0) == Tensor.SQUARE
                                        && block.path(1).asInt(0) == Tensor.SQUARE)));
    }

    private void refuseUnless(String key, boolean fits) throws ModelFormatException {
        if (!fits) {
            throw new ModelFormatException(
                    file, "%s is %s, which the engine does not run".formatted(key, config.path(key)));
        }
    }

    boolean tiedEmbeddings() {
        return config.path("tie_word_embeddings").asBoolean(false);
    }

    /** @param name of the model, which it does not state itself */
    Map<String, Object> metadata(String name) throws ModelFormatException {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("general.architecture", architecture);
        metadata.put("general.name", name);
        KEYS.forEach((key, ggufKey) -> put(metadata, ggufKey, config.path(key)));
        if (architecture.equals(LATENT)) {
            putLatent(metadata);
        }
        JsonNode base = rope.has("rope_theta") ? rope.path("rope_theta") : config.path("rope_theta");
        metadata.put(architecture + ".rope.freq_base", base.asDouble(ROPE_THETA_DEFAULT));
        switch (ropeType()) {
            // Divisors of the frequencies say all about it.
            case "default", "llama3" -> {}
            case "yarn" -> putYarn(metadata);
            default ->
                throw new ModelFormatException(
                        file, "rope_type is %s; the engine knows default, llama3 and yarn".formatted(ropeType()));
        }
        return metadata;
    }

    /** What transformers derives, and what it takes for granted. */
    private void putLatent(Map<String, Object> metadata) {
        long plain = config.path("qk_nope_head_dim").asLong(0);
        long rotary = config.path("qk_rope_head_dim").asLong(0);
        long rank = config.path("kv_lora_rank").asLong(0);
        metadata.put(architecture + ".attention.head_count_kv", 1L);
        metadata.put(architecture + ".attention.key_length", rank + rotary);
        metadata.put(architecture + ".attention.value_length", rank);
        metadata.put(architecture + ".attention.key_length_mla", plain + rotary);
        metadata.put(architecture + ".expert_gating_func", GATING_SIGMOID);
    }

    private void putYarn(Map<String, Object> metadata) throws ModelFormatException {
        metadata.put(architecture + ".rope.scaling.type", "yarn");
        if (!rope.path("truncate").asBoolean(true)) {
            metadata.put(SafetensorsModel.YARN_TRUNCATED, false);
        }
        putScales(metadata);
        if (rope.path("factor").isNumber()) {
            put(metadata, "rope.scaling.factor", rope.path("factor"));
        } else {
            metadata.put(
                    architecture + ".rope.scaling.factor",
                    config.path("max_position_embeddings").asDouble(0) / positive("original_max_position_embeddings"));
        }
        put(metadata, "rope.scaling.yarn_beta_fast", rope.path("beta_fast"));
        put(metadata, "rope.scaling.yarn_beta_slow", rope.path("beta_slow"));
        put(
                metadata,
                "rope.scaling.original_context_length",
                rope.has("original_max_position_embeddings")
                        ? rope.path("original_max_position_embeddings")
                        : config.path("max_position_embeddings"));
        if (rope.path("attention_factor").isNumber()) {
            metadata.put(
                    SafetensorsModel.ATTENTION_FACTOR,
                    rope.path("attention_factor").doubleValue());
        }
    }

    /** 0 says the same as nothing. GGUF has one key for both scales, and for models with latents alone. */
    private void putScales(Map<String, Object> metadata) {
        double scale = rope.path("mscale").asDouble(0);
        double all = rope.path("mscale_all_dim").asDouble(0);
        if (architecture.equals(LATENT) && scale == all && all != 0) {
            metadata.put(architecture + ".rope.scaling.yarn_log_multiplier", 0.1 * all);
            return;
        }
        if (scale != 0) {
            metadata.put(SafetensorsModel.YARN_SCALE, scale);
        }
        if (all != 0) {
            metadata.put(SafetensorsModel.YARN_SCALE_ALL, all);
        }
    }

    private void put(Map<String, Object> metadata, String key, JsonNode value) {
        String full = architecture + "." + key;
        boolean real =
                key.endsWith("epsilon") || key.endsWith("factor") || key.endsWith("scale") || key.contains("_beta_");
        if (value.isNumber() && real) {
            metadata.put(full, value.doubleValue());
        } else if (value.isIntegralNumber() && value.canConvertToLong()) {
            metadata.put(full, value.longValue());
        } else if (value.isBoolean()) {
            metadata.put(full, value.booleanValue());
        } else if (!value.isMissingNode() && !value.isNull()) {
            metadata.put(full, value.toString());
        }
    }

    private String ropeType() {
        return rope.path("rope_type").asString(rope.path("type").asString("default"));
    }

    /**
     * Llama 3's slowed rotation, by what each frequency is divided: slow pairs by the factor, fast ones not at all, and those
     * between by a mean that follows how often they turn over the original context.
     */
    Optional<float[]> rotaryDivisors() throws ModelFormatException {
        if (!ropeType().equals("llama3")) {
            return Optional.empty();
        }
        double factor = positive("factor");
        double low = positive("low_freq_factor");
        double high = positive("high_freq_factor");
        double original = positive("original_max_position_embeddings");
        double base = rope.has("rope_theta")
                ? positive("rope_theta")
                : config.path("rope_theta").asDouble(ROPE_THETA_DEFAULT);
        JsonNode headSize = config.path("head_dim");
        int dimensions = headSize.isInt()
                ? headSize.intValue()
                : config.path("hidden_size").asInt(0)
                        / Math.max(1, config.path("num_attention_heads").asInt(1));
        if (dimensions < 2 || dimensions > HEAD_SIZE_MAX) {
            throw new ModelFormatException(
                    file, "a head has %d elements; 2 to %d are possible".formatted(dimensions, HEAD_SIZE_MAX));
        }
        float[] divisors = new float[dimensions / 2];
        for (int pair = 0; pair < divisors.length; pair++) {
            double turns = original * Math.pow(base, -2.0 * pair / dimensions) / (2 * Math.PI);
            double kept = Math.clamp((turns - low) / (high - low), 0.0, 1.0);
            divisors[pair] = (float) (1 / ((1 - kept) / factor + kept));
        }
        return Optional.of(divisors);
    }

    private double positive(String key) throws ModelFormatException {
        double value = rope.path(key).asDouble(Double.NaN);
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new ModelFormatException(
                    file,
                    "%s of the rope parameters is %s, not a finite number above 0".formatted(key, rope.path(key)));
        }
        return value;
    }
}
