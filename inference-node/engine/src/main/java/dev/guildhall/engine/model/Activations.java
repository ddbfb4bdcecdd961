package dev.guildhall.engine.model;

import dev.guildhall.engine.kernel.AttentionShape;

/**
 * Memory of a chunk, one row per token.
 *
 * @param scoreScales by which the scores of attention are multiplied beside the shape's own scale
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Activations(
        int tokensMax,
        float[] hidden,
        float[] normed,
        float[] query,
        float[] key,
        float[] value,
        float[] attended,
        float[] projected,
        float[] cosines,
        float[] sines,
        float[] scoreScales) {

    static Activations of(int tokens, ModelConfig config) {
        AttentionShape attention = config.attention();
        int hidden = config.hiddenSize();
        int pairs = config.rotary().pairCount();
        return new Activations(
                tokens,
                new float[tokens * hidden],
                new float[tokens * hidden],
                new float[tokens * attention.querySize()],
                new float[tokens * attention.cache().keysSize()],
                new float
                        [attention.cache().valuesInKeys()
                                ? 0
                                : tokens * attention.cache().valuesSize()],
                new float[tokens * attention.resultSize()],
                new float[tokens * hidden],
                new float[tokens * pairs],
                new float[tokens * pairs],
                new float[tokens]);
    }
}
