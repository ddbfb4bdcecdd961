package dev.guildhall.engine.model;

import dev.guildhall.engine.format.GgufFile;
import dev.guildhall.engine.format.Metadata;
import dev.guildhall.engine.format.ModelFormatException;
import dev.guildhall.engine.kernel.AttentionShape;
import dev.guildhall.engine.tensor.Tensor;
import java.util.Arrays;

/**
 * The shape of a model, as its file states it.
 *
 * @param hiddenSize elements of the vector that runs through the layers
 * @param feedForwardSize elements between the two halves of a feed-forward block
 * @param vocabularySize rows of the embedding table: logits of a position
 * @param contextLength positions that the model was trained for
 * @param rotaryDimensions elements of a head that turn with the position
 * @param rotaryBase the slowest pair turns once in about {@code 2π · rotaryBase} positions
 * @param tiedEmbeddings whether the output matrix is the embedding table
 */
public record ModelConfig(
        Architecture architecture,
        String name,
        int layers,
        int hiddenSize,
        int feedForwardSize,
        AttentionShape attention,
        int vocabularySize,
        int contextLength,
        float normEpsilon,
        int rotaryDimensions,
        double rotaryBase,
        boolean tiedEmbeddings) {

    private static final int SIZE_MAX = 1 << 20;
    private static final int LAYERS_MAX = 1024;
    private static final int CONTEXT_MAX = 1 << 26;
    private static final double ROTARY_BASE_DEFAULT = 10_000;

    static ModelConfig of(GgufFile file) throws ModelFormatException {
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
        refuseUnknownScaling(file, metadata, key);

        int hiddenSize = metadata.integer(key + ".embedding_length", 1, SIZE_MAX);
        int heads = metadata.integer(key + ".attention.head_count", 1, SIZE_MAX);
        int keyValueHeads = metadata.integerOr(key + ".attention.head_count_kv", heads, 1, SIZE_MAX);
        int headSize = headSize(file, metadata, key, heads);
        int vocabularySize = tensor(file, "token_embd.weight").rows();
        checkVocabulary(file, metadata, vocabularySize);
        int rotaryDimensions = metadata.integerOr(key + ".rope.dimension_count", headSize, 2, headSize);
        if (rotaryDimensions % 2 != 0) {
            throw problem(file, "%s.rope.dimension_count is %d, not an even number".formatted(key, rotaryDimensions));
        }
        return new ModelConfig(
                architecture,
                metadata.has("general.name") ? metadata.text("general.name") : key,
                metadata.integer(key + ".block_count", 1, LAYERS_MAX),
                hiddenSize,
                metadata.integer(key + ".feed_forward_length", 1, SIZE_MAX),
                attentionShape(file, heads, keyValueHeads, headSize),
                vocabularySize,
                metadata.integer(key + ".context_length", 1, CONTEXT_MAX),
                (float) metadata.positive(key + ".attention.layer_norm_rms_epsilon"),
                rotaryDimensions,
                metadata.positiveOr(key + ".rope.freq_base", ROTARY_BASE_DEFAULT),
                file.tensor("output.weight").isEmpty());
    }

    /** Some files state the head size; of the others the query matrix tells it. */
    private static int headSize(GgufFile file, Metadata metadata, String key, int heads) throws ModelFormatException {
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
        int queryRows = tensor(file, "blk.0.attn_q.weight").rows();
        if (queryRows % heads != 0) {
            throw problem(
                    file,
                    "blk.0.attn_q.weight has %d rows, which %d heads cannot share evenly".formatted(queryRows, heads));
        }
        return queryRows / heads;
    }

    private static AttentionShape attentionShape(GgufFile file, int heads, int keyValueHeads, int headSize)
            throws ModelFormatException {
        try {
            return new AttentionShape(heads, keyValueHeads, headSize);
        } catch (IllegalArgumentException impossible) {
            throw problem(file, String.valueOf(impossible.getMessage()));
        }
    }

    private static void refuseUnknownScaling(GgufFile file, Metadata metadata, String key) throws ModelFormatException {
        String scaling = key + ".rope.scaling.type";
        if (metadata.has(scaling) && !metadata.text(scaling).equals("none")) {
            throw problem(
                    file, "%s is %s; the engine runs models without it".formatted(scaling, metadata.text(scaling)));
        }
    }

    private static void checkVocabulary(GgufFile file, Metadata metadata, int vocabularySize)
            throws ModelFormatException {
        int tokens = metadata.arrayLength("tokenizer.ggml.tokens");
        if (tokens > vocabularySize) {
            throw problem(
                    file,
                    "tokenizer.ggml.tokens has %d tokens, but token_embd.weight only %d rows"
                            .formatted(tokens, vocabularySize));
        }
    }

    private static Tensor tensor(GgufFile file, String name) throws ModelFormatException {
        return file.tensor(name).orElseThrow(() -> problem(file, "tensor %s is missing".formatted(name)));
    }

    private static ModelFormatException problem(GgufFile file, String text) {
        return new ModelFormatException(file.path(), text);
    }
}
