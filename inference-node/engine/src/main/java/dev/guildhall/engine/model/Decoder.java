package dev.guildhall.engine.model;

import dev.guildhall.engine.cache.KvCache;
import java.util.List;

/**
 * A loaded model: token ids in, logits out. The seam that backends implement. One caller at a time.
 */
public interface Decoder extends AutoCloseable {

    ModelConfig config();

    /**
     * An empty cache for one sequence, with the context as the model's file has it.
     *
     * @throws IllegalArgumentException when {@code tokensMax} is beyond the model's context length
     */
    KvCache openCache(int tokensMax);

    /**
     * An empty cache for one sequence, with the context stretched by YaRN.
     *
     * @param ropeFactor 1 for the context that the model was trained for; at least 1
     * @throws IllegalArgumentException when {@code tokensMax} is beyond the stretched context
     */
    default KvCache openCache(int tokensMax, double ropeFactor) {
        if (ropeFactor != config().rotary().factor()) {
            throw new IllegalArgumentException("a context stretched by %s cannot be had; this decoder only has %s"
                    .formatted(ropeFactor, config().rotary().factor()));
        }
        return openCache(tokensMax);
    }

    /** Appends each slice's tokens to its cache and computes the logits for the positions asked. */
    Logits decode(List<Slice> batch);

    /** What the weights take in memory, beside the mapped file. */
    long weightBytes();

    @Override
    void close();

    /**
     * Tokens that go on one sequence.
     *
     * @param tokens at least one
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, and lists of boxed ids would cost
    record Slice(KvCache cache, int[] tokens, LogitsWanted wanted) {

        public Slice {
            if (tokens.length == 0) {
                throw new IllegalArgumentException("a slice without tokens has nothing to decode");
            }
        }
    }
}
