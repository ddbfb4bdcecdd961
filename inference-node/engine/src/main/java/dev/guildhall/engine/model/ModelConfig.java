package dev.guildhall.engine.model;

import dev.guildhall.engine.format.Metadata;
import dev.guildhall.engine.format.ModelFile;
import dev.guildhall.engine.format.ModelFormatException;
import dev.guildhall.engine.format.SafetensorsModel;
import dev.guildhall.engine.kernel.AttentionShape;
import dev.guildhall.engine.kernel.RotaryPairs;
import dev.guildhall.engine.model.Architecture.Trait;
import dev.guildhall.engine.model.Experts.Router;
import dev.guildhall.engine.model.Experts.Scores;
import dev.guildhall.engine.model.RotaryShape.Scales;
import dev.guildhall.engine.model.RotaryShape.Yarn;
import dev.guildhall.engine.tensor.KeyValueShape;
import dev.guildhall.engine.tensor.KeyValueType;
import dev.guildhall.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a model, as its file states it.
 *
 * @param hiddenSize elements of the vector that runs through the layers
 * @param feedForwardSize elements between the two halves of a feed-forward block; 0 when all layers are mixtures
 * @param experts null where all feed-forward blocks are dense
 * @param latent null where keys and values are kept by heads
 * @param vocabularySize rows of the embedding table: logits of a position
 * @param contextLength positions that the model can be used for as its file is
 * @param tiedEmbeddings whether the output matrix is the embedding table
 */
public record ModelConfig(
        Architecture architecture,
        String name,
        int layers,
        int hiddenSize,
        int feedForwardSize,
        @Nullable Experts experts,
        AttentionShape attention,
        @Nullable LatentShape latent,
        int vocabularySize,
        int contextLength,
        float normEpsilon,
        RotaryShape rotary,
        boolean tiedEmbeddings) {

    /** Positions that any context has at most, stretched or not. */
    public static final int STRETCHED_CONTEXT_MAX = 1 << 20;

    private static final int SIZE_MAX = 1 << 20;
    private static final int VOCABULARY_MAX = 1 << 24;
    private static final int LAYERS_MAX = 1024;
    private static final int EXPERTS_MAX = 1 << 16;
    private static final int CONTEXT_MAX = 1 << 26;
    private static final double ROTARY_BASE_DEFAULT = 10_000;
    private static final int GATING_SOFTMAX = 1;
    private static final int GATING_SIGMOID = 2;

    /** What the layer chooses among; null where its feed-forward block is dense. */
    @Nullable
    Experts experts(int layer) {
        return experts == null || layer < experts.denseLayers() ? null : experts;
    }

    /** Positions that there are when the context is stretched by {@code ropeFactor}. */
    public int contextLength(double ropeFactor) {
        return ropeFactor == rotary.factor()
                ? contextLength
                : (int) Math.min(rotary.originalContext() * ropeFactor, STRETCHED_CONTEXT_MAX);
    }

    /** Memory that keys and values of {@code tokens} positions take, of one sequence or of several together. */
    public long cacheBytes(KeyValueType type, long tokens) {
        return tokens * layers * type.bytes(attention.cache());
    }

    /** @throws ModelFormatException when it is of a model that the engine does not run */
    public static ModelConfig of(ModelFile file) throws ModelFormatException {
        Metadata metadata = new Metadata(file);
        String key = metadata.text("general.architecture");
        Architecture architecture = Architecture.named(key)
                .orElseThrow(() -> problem(
                        file,
                        "general.architecture is %s; the engine runs %s"
                                .formatted(
                                        key,
                                        Arrays.stream(Architecture.values())
                                                .map(Architecture::key)
                                                .toList())));

        int hiddenSize = metadata.integer(key + ".embedding_length", 1, SIZE_MAX);
        int heads = metadata.integer(key + ".attention.head_count", 1, SIZE_MAX);
        LatentShape latent = architecture.has(Trait.LATENT_ATTENTION) ? latentShape(file, metadata, key) : null;
        AttentionShape attention = latent == null
                ? attentionShape(file, metadata, key, heads, hiddenSize)
                : attentionShape(file, heads, latent);
        int vocabularySize = vocabularySize(file, metadata, key);
        checkVocabulary(file, metadata, vocabularySize);
        // Some files of dense models state that they have no experts.
        boolean mixture = metadata.integerOr(key + ".expert_count", 0, 0, EXPERTS_MAX) > 0;
        int layers = metadata.integer(key + ".block_count", 1, LAYERS_MAX);
        Experts experts = mixture ? experts(file, metadata, architecture, layers) : null;
        boolean dense = experts == null || experts.denseLayers() > 0;
        return new ModelConfig(
                architecture,
                metadata.has("general.name") ? metadata.text("general.name") : key,
                layers,
                hiddenSize,
                dense ? metadata.integer(key + ".feed_forward_length", 1, SIZE_MAX) : 0,
                experts,
                attention,
                latent,
                vocabularySize,
                Math.min(metadata.integer(key + ".context_length", 1, CONTEXT_MAX), STRETCHED_CONTEXT_MAX),
                (float) metadata.positive(key + ".attention.layer_norm_rms_epsilon"),
                rotary(file, metadata, architecture, latent == null ? attention.keySize() : latent.rotarySize()),
                file.tiedEmbeddings());
    }

    /** The embedding table tells it; what its file states counts where there is none. */
    private static int vocabularySize(ModelFile file, Metadata metadata, String key) throws ModelFormatException {
        Tensor embedding = file.tensor("token_embd.weight").orElse(null);
        if (embedding != null) {
            return embedding.rows();
        }
        return metadata.has(key + ".vocab_size")
                ? metadata.integer(key + ".vocab_size", 1, VOCABULARY_MAX)
                : tensor(file, "token_embd.weight").rows();
    }

    /** Some files state the head size; of the others the query matrix tells it, or what the heads share. */
    private static int headSize(ModelFile file, Metadata metadata, String key, int heads, int hiddenSize)
            throws ModelFormatException {
        if (metadata.has(key + ".attention.key_length")) {
            int keySize = metadata.integer(key + ".attention.key_length", 1, SIZE_MAX);
            int valueSize = metadata.integerOr(key + ".attention.value_length", keySize, 1, SIZE_MAX);
            if (keySize != valueSize) {
                throw problem(
                        file,
                        "%s.attention.key_length is %d and value_length %d; the engine needs them equal"
                                .formatted(key, keySize, valueSize));
            }
            return keySize;
        }
        int queryRows = file.tensor("blk.0.attn_q.weight").map(Tensor::rows).orElse(hiddenSize);
        if (queryRows % heads != 0) {
            throw problem(
                    file,
                    "blk.0.attn_q.weight has %d rows, which %d heads cannot share evenly".formatted(queryRows, heads));
        }
        return queryRows / heads;
    }

    private static AttentionShape attentionShape(
            ModelFile file, Metadata metadata, String key, int heads, int hiddenSize) throws ModelFormatException {
        int keyValueHeads = metadata.integerOr(key + ".attention.head_count_kv", heads, 1, SIZE_MAX);
        int headSize = headSize(file, metadata, key, heads, hiddenSize);
        try {
            return new AttentionShape(heads, keyValueHeads, headSize);
        } catch (IllegalArgumentException impossible) {
            throw problem(file, String.valueOf(impossible.getMessage()));
        }
    }

    private static AttentionShape attentionShape(ModelFile file, int heads, LatentShape latent)
            throws ModelFormatException {
        try {
            return new AttentionShape(heads, new KeyValueShape(1, latent.keptSize(), latent.rank(), true), (float)
                    (1 / Math.sqrt(latent.headSize())));
        } catch (IllegalArgumentException impossible) {
            throw problem(file, String.valueOf(impossible.getMessage()));
        }
    }

    /** Files made before engines kept latents state the heads' sizes as those of keys and values. */
    private static LatentShape latentShape(ModelFile file, Metadata metadata, String key) throws ModelFormatException {
        String attention = key + ".attention.";
        String suffix = metadata.has(attention + "key_length_mla") ? "_mla" : "";
        int keySize = metadata.integer(attention + "key_length" + suffix, 2, SIZE_MAX);
        int rotarySize = metadata.integer(key + ".rope.dimension_count", 2, SIZE_MAX);
        if (rotarySize >= keySize) {
            throw problem(
                    file,
                    "%skey_length%s is %d, of which %d turn; some must not"
                            .formatted(attention, suffix, keySize, rotarySize));
        }
        return new LatentShape(
                metadata.integerOr(attention + "q_lora_rank", 0, 0, SIZE_MAX),
                metadata.integer(attention + "kv_lora_rank", 1, SIZE_MAX),
                keySize - rotarySize,
                rotarySize,
                metadata.integer(attention + "value_length" + suffix, 1, SIZE_MAX));
    }

    private static Experts experts(ModelFile file, Metadata metadata, Architecture architecture, int layers)
            throws ModelFormatException {
        String key = architecture.key();
        int count = metadata.integer(key + ".expert_count", 1, EXPERTS_MAX);
        // Mixtral's files state the size of an expert as that of the block.
        String size = metadata.has(key + ".expert_feed_forward_length")
                ? ".expert_feed_forward_length"
                : ".feed_forward_length";
        int expertSize = metadata.integer(key + size, 1, SIZE_MAX);
        int sharedSize = 0;
        if (architecture.has(Trait.GATED_SHARED_EXPERT)) {
            sharedSize = metadata.integer(key + ".expert_shared_feed_forward_length", 1, SIZE_MAX);
        } else if (architecture.has(Trait.SHARED_EXPERTS)) {
            sharedSize = expertSize * metadata.integerOr(key + ".expert_shared_count", 0, 0, SIZE_MAX / expertSize);
        }
        Router router = router(file, metadata, architecture, count);
        return new Experts(
                count,
                metadata.integer(key + ".expert_used_count", 1, count / router.groups() * router.groupsPerToken()),
                expertSize,
                sharedSize,
                metadata.integerOr(key + ".leading_dense_block_count", 0, 0, layers),
                router);
    }

    private static Router router(ModelFile file, Metadata metadata, Architecture architecture, int count)
            throws ModelFormatException {
        String key = architecture.key();
        Scores scores = switch (metadata.integerOr(key + ".expert_gating_func", GATING_SOFTMAX, 0, Integer.MAX_VALUE)) {
            case GATING_SOFTMAX -> Scores.SOFTMAX;
            case GATING_SIGMOID -> Scores.SIGMOID;
            default ->
                throw problem(
                        file,
                        "%s.expert_gating_func is %s; the engine knows %d (softmax) and %d (sigmoid)"
                                .formatted(
                                        key,
                                        file.metadata().get(key + ".expert_gating_func"),
                                        GATING_SOFTMAX,
                                        GATING_SIGMOID));
        };
        int groups = metadata.integerOr(key + ".expert_group_count", 1, 1, count);
        if (count % groups != 0) {
            throw problem(
                    file,
                    "%s.expert_group_count is %d, which %d experts cannot be divided by".formatted(key, groups, count));
        }
        int groupsPerToken = metadata.integerOr(key + ".expert_group_used_count", groups, 1, groups);
        if (scores == Scores.SOFTMAX && groupsPerToken < groups) {
            throw problem(
                    file,
                    "%s.expert_group_used_count is %d of %d; the engine knows groups with sigmoid scores only"
                            .formatted(key, groupsPerToken, groups));
        }
        return new Router(
                scores,
                groups,
                groupsPerToken,
                metadata.flagOr(key + ".expert_weights_norm", architecture.has(Trait.RENORMALIZES_ROUTING)),
                metadata.positiveOr(key + ".expert_weights_scale", 1));
    }

    private static RotaryShape rotary(ModelFile file, Metadata metadata, Architecture architecture, int headSize)
            throws ModelFormatException {
        String key = architecture.key();
        RotaryPairs pairs = file.rotatesHalves() ? RotaryPairs.HALVES : architecture.rotaryPairs();
        int dimensions = metadata.integerOr(key + ".rope.dimension_count", headSize, 2, headSize);
        if (dimensions % 2 != 0) {
            throw problem(file, "%s.rope.dimension_count is %d, not an even number".formatted(key, dimensions));
        }
        double base = metadata.positiveOr(key + ".rope.freq_base", ROTARY_BASE_DEFAULT);
        int context = metadata.integer(key + ".context_length", 1, CONTEXT_MAX);
        String scaling = key + ".rope.scaling.";
        String type = metadata.has(scaling + "type") ? metadata.text(scaling + "type") : "none";
        if (type.equals("none")) {
            return new RotaryShape(dimensions, pairs, base, context, Yarn.DEFAULT, 1);
        }
        if (!type.equals("yarn")) {
            throw problem(file, "%stype is %s; the engine knows none and yarn".formatted(scaling, type));
        }
        for (String name : List.of("attn_factor", "yarn_attn_factor", "yarn_log_multiplier", "yarn_ext_factor")) {
            boolean known = name.equals("yarn_log_multiplier") && architecture.has(Trait.LATENT_ATTENTION);
            if (metadata.has(scaling + name) && !known) {
                throw problem(file, "%s%s is given; the engine knows YaRN without it".formatted(scaling, name));
            }
        }
        Yarn yarn = new Yarn(
                metadata.positiveOr(scaling + "yarn_beta_fast", Yarn.DEFAULT.betaFast()),
                metadata.positiveOr(scaling + "yarn_beta_slow", Yarn.DEFAULT.betaSlow()),
                metadata.flagOr(SafetensorsModel.YARN_TRUNCATED, true),
                metadata.has(SafetensorsModel.ATTENTION_FACTOR)
                        ? metadata.positive(SafetensorsModel.ATTENTION_FACTOR)
                        : null,
                yarnScales(metadata, scaling));
        return new RotaryShape(
                dimensions,
                pairs,
                base,
                metadata.integer(scaling + "original_context_length", 1, CONTEXT_MAX),
                yarn,
                metadata.positive(scaling + "factor"));
    }

    /** GGUF has one number, a tenth of both scales, since no model has them different. */
    private static @Nullable Scales yarnScales(Metadata metadata, String scaling) throws ModelFormatException {
        if (metadata.has(scaling + "yarn_log_multiplier")) {
            // The file has it in f32.
            double scale = Math.round(1e6 * 10 * metadata.positive(scaling + "yarn_log_multiplier")) / 1e6;
            return new Scales(scale, scale);
        }
        if (!metadata.has(SafetensorsModel.YARN_SCALE) && !metadata.has(SafetensorsModel.YARN_SCALE_ALL)) {
            return null;
        }
        return new Scales(
                metadata.positiveOr(SafetensorsModel.YARN_SCALE, 0),
                metadata.positiveOr(SafetensorsModel.YARN_SCALE_ALL, 0));
    }

    private static void checkVocabulary(ModelFile file, Metadata metadata, int vocabularySize)
            throws ModelFormatException {
        int tokens = metadata.arrayLength("tokenizer.ggml.tokens");
        if (tokens > vocabularySize) {
            throw problem(
                    file,
                    "tokenizer.ggml.tokens has %d tokens, but token_embd.weight only %d rows"
                            .formatted(tokens, vocabularySize));
        }
    }

    private static Tensor tensor(ModelFile file, String name) throws ModelFormatException {
        return file.tensor(name).orElseThrow(() -> problem(file, "tensor %s is missing".formatted(name)));
    }

    private static ModelFormatException problem(ModelFile file, String text) {
        return new ModelFormatException(file.path(), text);
    }
}
