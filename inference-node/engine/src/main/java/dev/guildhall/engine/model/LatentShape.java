package dev.guildhall.engine.model;

/**
 * Multi-head latent attention: a position keeps one short vector, the latent, from which each head's key and value could be
 * computed, and one turned part of a key for all heads.
 *
 * @param queryRank elements of the latent that queries come from; 0 where they come from the hidden state
 * @param rank elements of the latent that keys and values come from
 * @param plainSize elements of a head's query and key that do not turn
 * @param rotarySize elements that do
 * @param valueSize elements of a head's value
 */
public record LatentShape(int queryRank, int rank, int plainSize, int rotarySize, int valueSize) {

    /** Of the norms of both latents, whatever the model's other norms have. */
    static final float NORM_EPSILON = 1e-6f;

    int headSize() {
        return plainSize + rotarySize;
    }

    /** What a position keeps, and what a query is compared with. */
    int keptSize() {
        return rank + rotarySize;
    }
}
