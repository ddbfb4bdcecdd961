package dev.guildhall.engine.kernel;

import dev.guildhall.engine.tensor.KeyValueShape;

/**
 * How attention divides its vectors. Consecutive query heads share a key-value head.
 *
 * @param heads of queries, each as long as a key
 * @param scale of the scores
 */
public record AttentionShape(int heads, KeyValueShape cache, float scale) {

    public AttentionShape {
        if (heads < 1 || heads % cache.heads() != 0) {
            throw new IllegalArgumentException("%d heads of size %d cannot share %d key-value heads evenly"
                    .formatted(heads, cache.keySize(), cache.heads()));
        }
        for (int size : new int[] {cache.keySize(), cache.valueSize()}) {
            if (size % Tiles.WIDTH != 0) {
                throw new IllegalArgumentException(
                        "heads of size %d cannot be read %d elements at a time; the kernels do so"
                                .formatted(size, Tiles.WIDTH));
            }
        }
    }

    /** Keys and values of one size, scores divided by its root. */
    public AttentionShape(int heads, int keyValueHeads, int headSize) {
        this(heads, new KeyValueShape(keyValueHeads, headSize, headSize, false), (float) (1 / Math.sqrt(headSize)));
    }

    public int keyValueHeads() {
        return cache.heads();
    }

    public int keySize() {
        return cache.keySize();
    }

    public int valueSize() {
        return cache.valueSize();
    }

    /** Query heads that share one key-value head. */
    public int group() {
        return heads / cache.heads();
    }

    /**
     * Where a row of a key-value head begins in {@code [token, head, size]}: rows are its query heads, token by token.
     *
     * @param firstToken whose rows are counted from 0
     */
    int at(int keyValueHead, int row, int firstToken, int size) {
        int head = keyValueHead * group() + row % group();
        return ((firstToken + row / group()) * heads + head) * size;
    }

    /** Elements of a token's queries. */
    public int querySize() {
        return heads * keySize();
    }

    /** Elements of what attention gives a token. */
    public int resultSize() {
        return heads * valueSize();
    }
}
