package dev.guildhall.engine.kernel;

/**
 * How attention divides its vectors. Consecutive query heads share a key-value head.
 *
 * @param headSize elements of one head
 */
public record AttentionShape(int heads, int keyValueHeads, int headSize) {

    public AttentionShape {
        if (heads < 1 || keyValueHeads < 1 || headSize < 1 || heads % keyValueHeads != 0) {
            throw new IllegalArgumentException("%d heads of size %d cannot share %d key-value heads evenly"
                    .formatted(heads, headSize, keyValueHeads));
        }
        if (headSize % Tiles.WIDTH != 0) {
            throw new IllegalArgumentException(
                    "heads of size %d cannot be read %d elements at a time; the kernels do so"
                            .formatted(headSize, Tiles.WIDTH));
        }
    }

    /** Query heads that share one key-value head. */
    public int group() {
        return heads / keyValueHeads;
    }

    public int querySize() {
        return heads * headSize;
    }

    public int keyValueSize() {
        return keyValueHeads * headSize;
    }
}
