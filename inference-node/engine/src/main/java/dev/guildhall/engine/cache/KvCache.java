package dev.guildhall.engine.cache;

import dev.guildhall.engine.tensor.KeyValuePages;
import dev.guildhall.engine.tensor.KeyValueShape;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys and values of one sequence, for the decoder that opened it, turned as one factor of stretching wants. Memory grows with the tokens that are in it, never
 * beyond {@link #tokensMax}. One user at a time.
 */
public final class KvCache implements AutoCloseable {

    private final List<KeyValuePages> layers;
    private final int tokensMax;
    private final double ropeFactor;
    private int length;
    private boolean closed;

    public KvCache(int layerCount, KeyValueShape shape, int tokensMax, double ropeFactor) {
        this.tokensMax = tokensMax;
        this.ropeFactor = ropeFactor;
        layers = new ArrayList<>(layerCount);
        for (int layer = 0; layer < layerCount; layer++) {
            layers.add(new KeyValuePages(shape));
        }
    }

    /** Tokens whose keys and values are held. */
    public int length() {
        return length;
    }

    public int tokensMax() {
        return tokensMax;
    }

    /** By which the context is stretched: what was computed with one is wrong with another. */
    public double ropeFactor() {
        return ropeFactor;
    }

    /** Forgets the tokens at {@code newLength} and after it, so that the sequence can go on differently from there. */
    public void truncate(int newLength) {
        if (newLength < 0 || newLength > length) {
            throw new IllegalArgumentException("a cache of %d tokens cannot be cut to %d".formatted(length, newLength));
        }
        length = newLength;
        layers.forEach(layer -> layer.truncate(newLength));
    }

    /** Refuses what does not fit, before anything of it is computed. */
    public void checkRoom(int tokens) {
        if (closed) {
            throw new IllegalStateException("the cache was closed");
        }
        if (tokens > tokensMax - length) {
            throw new IllegalArgumentException("a cache of at most %d tokens that holds %d cannot take %d more"
                    .formatted(tokensMax, length, tokens));
        }
    }

    /** Pages of one layer; whoever writes them calls {@link #advance} once all layers have the tokens. */
    public KeyValuePages layer(int layer) {
        return layers.get(layer);
    }

    public void advance(int tokens) {
        checkRoom(tokens);
        length += tokens;
    }

    /** Memory that the held tokens take. */
    public long bytes() {
        long bytes = 0;
        for (KeyValuePages layer : layers) {
            bytes += layer.bytes();
        }
        return bytes;
    }

    @Override
    public void close() {
        length = 0;
        layers.forEach(layer -> layer.truncate(0));
        closed = true;
    }
}
