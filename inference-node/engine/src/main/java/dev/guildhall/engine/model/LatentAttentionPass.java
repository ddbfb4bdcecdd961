package dev.guildhall.engine.model;

import dev.guildhall.engine.kernel.Kernels;
import dev.guildhall.engine.kernel.Matrix;
import dev.guildhall.engine.kernel.Product;
import dev.guildhall.engine.kernel.RotaryPairs;
import dev.guildhall.engine.model.Attention.Latent;
import java.util.ArrayList;
import java.util.List;

/**
 * What latent attention does before and after the heads look back. Keys and values are never made: a head's {@code W_k} is applied
 * to its query instead, so that it can be compared with latents, and its {@code W_v} to the mean of latents that comes out:
 *
 * <pre>
 * q · (W_k c) = (W_kᵀ q) · c          Σ p (W_v c) = W_v (Σ p c)
 * </pre>
 */
final class LatentAttentionPass {

    private final LatentShape shape;
    private final int heads;
    private final RotaryPairs pairs;
    private final Kernels kernels;
    private float[] queryLatent = new float[0]; // [token, queryRank]
    private float[] queries = new float[0]; // [token, head, headSize]
    private float[] down = new float[0]; // [token, keptSize]
    private float[] latent = new float[0]; // [token, rank]
    private float[] plain = new float[0]; // [head, token, plainSize]
    private float[] absorbed = new float[0]; // [head, token, rank]
    private float[] rotaryQueries = new float[0]; // [token, head, rotarySize]
    private float[] rotaryKeys = new float[0]; // [token, rotarySize]
    private float[] means = new float[0]; // [head, token, rank]
    private float[] values = new float[0]; // [head, token, valueSize]
    private float[] results = new float[0]; // [token, head, valueSize]

    LatentAttentionPass(LatentShape shape, int heads, RotaryPairs pairs, Kernels kernels) {
        this.shape = shape;
        this.heads = heads;
        this.pairs = pairs;
        this.kernels = kernels;
    }

    /**
     * Computes what is compared and kept.
     *
     * @param a where {@code normed} becomes {@code query[token, head, keptSize]} and {@code key[token, keptSize]}
     */
    void project(Latent weights, int tokens, Activations a) {
        grow(tokens);
        if (weights.queryDown() == null) {
            kernels.multiply(a.normed(), tokens, List.of(weights.query(), weights.down()), List.of(queries, down));
        } else {
            kernels.multiply(
                    a.normed(), tokens, List.of(weights.queryDown(), weights.down()), List.of(queryLatent, down));
            kernels.rmsNorm(queryLatent, tokens, weights.queryNorm(), LatentShape.NORM_EPSILON, queryLatent);
            kernels.multiply(queryLatent, tokens, List.of(weights.query()), List.of(queries));
        }
        split(tokens, a.scoreScales());
        kernels.rmsNorm(latent, tokens, weights.norm(), LatentShape.NORM_EPSILON, latent);
        kernels.multiply(plain, byHead(weights.keys(), tokens, absorbed));
        int rotary = shape.rotarySize();
        kernels.rotate(rotaryQueries, tokens, heads, rotary, a.cosines(), a.sines(), rotary / 2, pairs);
        kernels.rotate(rotaryKeys, tokens, 1, rotary, a.cosines(), a.sines(), rotary / 2, pairs);
        join(tokens, a.query(), a.key());
    }

    private void split(int tokens, float[] scoreScales) {
        int headSize = shape.headSize();
        int rotary = shape.rotarySize();
        for (int token = 0; token < tokens; token++) {
            System.arraycopy(down, token * shape.keptSize(), latent, token * shape.rank(), shape.rank());
            System.arraycopy(down, token * shape.keptSize() + shape.rank(), rotaryKeys, token * rotary, rotary);
            for (int head = 0; head < heads; head++) {
                int from = (token * heads + head) * headSize;
                int plainAt = (head * tokens + token) * shape.plainSize();
                for (int i = 0; i < shape.plainSize(); i++) {
                    plain[plainAt + i] = queries[from + i] * scoreScales[token];
                }
                int rotaryAt = (token * heads + head) * rotary;
                for (int i = 0; i < rotary; i++) {
                    rotaryQueries[rotaryAt + i] = queries[from + shape.plainSize() + i] * scoreScales[token];
                }
            }
        }
    }

    private void join(int tokens, float[] query, float[] kept) {
        int rank = shape.rank();
        int rotary = shape.rotarySize();
        for (int token = 0; token < tokens; token++) {
            System.arraycopy(latent, token * rank, kept, token * shape.keptSize(), rank);
            System.arraycopy(rotaryKeys, token * rotary, kept, token * shape.keptSize() + rank, rotary);
            for (int head = 0; head < heads; head++) {
                int at = (token * heads + head) * shape.keptSize();
                System.arraycopy(absorbed, (head * tokens + token) * rank, query, at, rank);
                System.arraycopy(rotaryQueries, (token * heads + head) * rotary, query, at + rank, rotary);
            }
        }
    }

    /**
     * Computes the heads' results, {@code [token, head, valueSize]}.
     *
     * @param attended {@code [token, head, rank]} means of latents
     */
    float[] expand(Latent weights, float[] attended, int tokens) {
        int rank = shape.rank();
        int size = shape.valueSize();
        for (int token = 0; token < tokens; token++) {
            for (int head = 0; head < heads; head++) {
                System.arraycopy(attended, (token * heads + head) * rank, means, (head * tokens + token) * rank, rank);
            }
        }
        kernels.multiply(means, byHead(weights.values(), tokens, values));
        for (int token = 0; token < tokens; token++) {
            for (int head = 0; head < heads; head++) {
                System.arraycopy(values, (head * tokens + token) * size, results, (token * heads + head) * size, size);
            }
        }
        return results;
    }

    /** Each head's matrix with the head's own rows. */
    private static List<Product> byHead(List<Matrix> matrices, int tokens, float[] y) {
        List<Product> products = new ArrayList<>(matrices.size());
        for (int head = 0; head < matrices.size(); head++) {
            products.add(new Product(matrices.get(head), head * tokens, tokens, y, head * tokens));
        }
        return products;
    }

    private void grow(int tokens) {
        if (latent.length >= tokens * shape.rank()) {
            return;
        }
        queryLatent = new float[tokens * shape.queryRank()];
        queries = new float[tokens * heads * shape.headSize()];
        down = new float[tokens * shape.keptSize()];
        latent = new float[tokens * shape.rank()];
        plain = new float[tokens * heads * shape.plainSize()];
        absorbed = new float[tokens * heads * shape.rank()];
        rotaryQueries = new float[tokens * heads * shape.rotarySize()];
        rotaryKeys = new float[tokens * shape.rotarySize()];
        means = new float[tokens * heads * shape.rank()];
        values = new float[tokens * heads * shape.valueSize()];
        results = new float[tokens * heads * shape.valueSize()];
    }
}
