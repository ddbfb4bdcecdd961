package dev.guildhall.engine.format;

import dev.guildhall.engine.tensor.Tensor;
import dev.guildhall.engine.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A directory as the hub has it: config.json, and model.safetensors or several files with an index. Configuration and names are
 * translated into GGUF's; the numbers stay where they are.
 */
public final class SafetensorsModel implements ModelFile {

    /** GGUF's key means another thing. */
    public static final String ATTENTION_FACTOR = "config.json.attention_factor";

    /** GGUF has no keys for these. */
    public static final String YARN_TRUNCATED = "config.json.truncate";

    public static final String YARN_SCALE = "config.json.mscale";
    public static final String YARN_SCALE_ALL = "config.json.mscale_all_dim";

    private static final long JSON_BYTES_MAX = 64 << 20;
    private static final String INDEX = "model.safetensors.index.json";
    private static final Pattern SHARD = Pattern.compile("[\\w .-]{1,200}\\.safetensors");
    private static final Pattern LAYER = Pattern.compile("model\\.layers\\.(\\d{1,4})\\.(.+)");
    private static final Pattern EXPERT =
            Pattern.compile("(?:mlp|block_sparse_moe)\\.experts\\.(\\d{1,5})\\.(\\w+)\\.weight");

    private static final Pattern WITHOUT_PREFIX = Pattern.compile("(layers|embed_tokens|norm)\\.");

    private static final Map<String, String> NAMES = Map.of(
            "model.embed_tokens.weight", "token_embd.weight",
            "model.norm.weight", "output_norm.weight",
            "lm_head.weight", "output.weight");

    private static final Map<String, String> LAYER_NAMES = Map.ofEntries(
            Map.entry("input_layernorm", "attn_norm"),
            Map.entry("self_attn.q_proj", "attn_q"),
            Map.entry("self_attn.k_proj", "attn_k"),
            Map.entry("self_attn.v_proj", "attn_v"),
            Map.entry("self_attn.o_proj", "attn_output"),
            Map.entry("self_attn.q_norm", "attn_q_norm"),
            Map.entry("self_attn.k_norm", "attn_k_norm"),
            Map.entry("post_attention_layernorm", "ffn_norm"),
            Map.entry("mlp.gate_proj", "ffn_gate"),
            Map.entry("mlp.up_proj", "ffn_up"),
            Map.entry("mlp.down_proj", "ffn_down"),
            Map.entry("mlp.gate", "ffn_gate_inp"),
            Map.entry("block_sparse_moe.gate", "ffn_gate_inp"),
            Map.entry("self_attn.q_a_proj", "attn_q_a"),
            Map.entry("self_attn.q_a_layernorm", "attn_q_a_norm"),
            Map.entry("self_attn.q_b_proj", "attn_q_b"),
            Map.entry("self_attn.kv_a_proj_with_mqa", "attn_kv_a_mqa"),
            Map.entry("self_attn.kv_a_layernorm", "attn_kv_a_norm"),
            Map.entry("self_attn.kv_b_proj", "attn_kv_b"),
            Map.entry("mlp.shared_experts.gate_proj", "ffn_gate_shexp"),
            Map.entry("mlp.shared_experts.up_proj", "ffn_up_shexp"),
            Map.entry("mlp.shared_experts.down_proj", "ffn_down_shexp"),
            Map.entry("mlp.shared_expert_gate", "ffn_gate_inp_shexp"),
            Map.entry("mlp.shared_expert.gate_proj", "ffn_gate_shexp"),
            Map.entry("mlp.shared_expert.up_proj", "ffn_up_shexp"),
            Map.entry("mlp.shared_expert.down_proj", "ffn_down_shexp"));

    /** Mixtral numbers them: w2 is the one that narrows. */
    private static final Map<String, String> EXPERT_NAMES = Map.of(
            "gate_proj", "ffn_gate",
            "up_proj", "ffn_up",
            "down_proj", "ffn_down",
            "w1", "ffn_gate",
            "w3", "ffn_up",
            "w2", "ffn_down");

    private final Path directory;
    private final Arena arena;
    private final Map<String, Object> metadata;
    private final boolean rotatesHalves;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    private SafetensorsModel(Path directory, Arena arena) throws IOException {
        this.directory = directory;
        this.arena = arena;
        HubConfig config = new HubConfig(directory.resolve("config.json"), readJson(directory.resolve("config.json")));
        metadata = config.metadata(String.valueOf(directory.getFileName()));
        for (Tensor tensor : scaled(readTensors()).values()) {
            if (!config.predictsFurther(tensor.name())) {
                put(tensor, config.tiedEmbeddings());
            }
        }
        rotatesHalves = config.rotatesHalves();
        addRotaryDivisors(config, tensors);
    }

    static void addRotaryDivisors(HubConfig config, Map<String, Tensor> tensors) throws ModelFormatException {
        config.rotaryDivisors()
                .ifPresent(divisors -> tensors.put(
                        "rope_freqs.weight", Tensor.ofFloats("rope_freqs.weight", divisors, divisors.length)));
    }

    /**
     * Maps the files of a directory and checks all that they say.
     *
     * @throws ModelFormatException when it is no model that the engine can read
     */
    public static SafetensorsModel open(Path directory) throws IOException {
        Arena arena = Arena.ofShared();
        try {
            return new SafetensorsModel(directory, arena);
        } catch (Throwable failure) {
            arena.close();
            throw failure;
        }
    }

    static JsonNode readJson(Path file) throws IOException {
        if (Files.size(file) > JSON_BYTES_MAX) {
            throw new ModelFormatException(
                    file, "it has %d bytes; the limit is %d".formatted(Files.size(file), JSON_BYTES_MAX));
        }
        try {
            return SafetensorsFile.JSON.readTree(Files.readAllBytes(file));
        } catch (JacksonException e) {
            throw new ModelFormatException(file, "it is no JSON: " + e.getOriginalMessage());
        }
    }

    private Map<String, Tensor> readTensors() throws IOException {
        Path index = directory.resolve(INDEX);
        if (!Files.exists(index)) {
            return SafetensorsFile.read(directory.resolve("model.safetensors"), arena);
        }
        Map<String, Tensor> all = new LinkedHashMap<>();
        Set<String> files = new TreeSet<>();
        JsonNode places = readJson(index).path("weight_map");
        for (Map.Entry<String, JsonNode> place : places.properties()) {
            String name = place.getValue().asString("");
            // A name with a separator could lead anywhere.
            if (!SHARD.matcher(name).matches()) {
                throw new ModelFormatException(
                        index, "weight_map has %s in \"%s\", no safetensors file".formatted(place.getKey(), name));
            }
            files.add(name);
        }
        List<String> missing = files.stream()
                .filter(name -> !Files.isRegularFile(directory.resolve(name)))
                .toList();
        if (!missing.isEmpty()) {
            throw new ModelFormatException(
                    index,
                    "weight_map names %d files that are not here: %s"
                            .formatted(missing.size(), String.join(", ", missing)));
        }
        for (String name : files) {
            all.putAll(SafetensorsFile.read(directory.resolve(name), arena));
        }
        for (Map.Entry<String, JsonNode> place : places.properties()) {
            if (!all.containsKey(place.getKey())) {
                throw new ModelFormatException(
                        index,
                        "weight_map has %s in %s, but it is not there"
                                .formatted(place.getKey(), place.getValue().asString("")));
            }
        }
        return all;
    }

    /** Brings matrices of eight-bit floats together with their scales. */
    private Map<String, Tensor> scaled(Map<String, Tensor> all) throws ModelFormatException {
        Map<String, Tensor> tensors = new LinkedHashMap<>(all);
        for (Tensor tensor : all.values()) {
            if (tensor.type() == TensorType.F8_E4M3) {
                Tensor scales = tensors.remove(tensor.name() + "_scale_inv");
                if (scales == null) {
                    scales = tensors.remove(tensor.name() + "_scale");
                }
                try {
                    tensors.put(
                            tensor.name(),
                            new Tensor(tensor.name(), tensor.type(), tensor.shape(), tensor.data(), scales));
                } catch (IllegalArgumentException misshapen) {
                    throw new ModelFormatException(directory, String.valueOf(misshapen.getMessage()));
                }
            }
        }
        return tensors;
    }

    private void put(Tensor tensor, boolean tiedEmbeddings) throws ModelFormatException {
        String name = ggufName(tensor.name());
        if (name.equals("output.weight") && tiedEmbeddings) {
            return;
        }
        List<Long> shape = tensor.shape();
        if (name.endsWith("ffn_gate_inp_shexp.weight") && shape.size() == 2 && shape.get(1) == 1) {
            shape = List.of(shape.getFirst());
        }
        if (tensors.put(name, new Tensor(name, tensor.type(), shape, tensor.data(), tensor.scales())) != null) {
            throw new ModelFormatException(directory, "two tensors are %s".formatted(name));
        }
    }

    /** Names that are not known stay as they are, for whoever compares them with what the model needs. */
    private static String ggufName(String hubName) {
        // Models that only embed are saved without what would be around them.
        String name = WITHOUT_PREFIX.matcher(hubName).lookingAt() ? "model." + hubName : hubName;
        Matcher layer = LAYER.matcher(name);
        if (!layer.matches()) {
            return NAMES.getOrDefault(name, name);
        }
        String block = "blk." + layer.group(1) + ".";
        Matcher expert = EXPERT.matcher(layer.group(2));
        if (expert.matches()) {
            String part = EXPERT_NAMES.get(expert.group(2));
            return part == null ? name : block + part + "." + expert.group(1) + ".weight";
        }
        if (layer.group(2).equals("mlp.gate.e_score_correction_bias")) {
            return block + "exp_probs_b.bias";
        }
        int dot = layer.group(2).lastIndexOf('.');
        String part = dot < 0 ? null : LAYER_NAMES.get(layer.group(2).substring(0, dot));
        return part == null ? name : block + part + layer.group(2).substring(dot);
    }

    @Override
    public Path path() {
        return directory;
    }

    @Override
    public Map<String, Object> metadata() {
        return metadata;
    }

    @Override
    public Map<String, Tensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    @Override
    public boolean rotatesHalves() {
        return rotatesHalves;
    }

    @Override
    public Arena mapping() {
        return arena;
    }

    @Override
    public void close() {
        arena.close();
    }
}
