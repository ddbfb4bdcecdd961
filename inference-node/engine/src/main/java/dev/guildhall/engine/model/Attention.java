package dev.guildhall.engine.model;

import dev.guildhall.engine.kernel.Matrix;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The weights of a layer's first half. */
sealed interface Attention {

    /** From the heads' results back to the hidden state. */
    Matrix output();

    List<Matrix> matrices();

    /** Keys and values by heads, which several query heads share. Biases and norms are empty where the family has none. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Grouped(
            Matrix query,
            Matrix key,
            Matrix value,
            float[] queryBias,
            float[] keyBias,
            float[] valueBias,
            float[] queryNorm,
            float[] keyNorm,
            Matrix output)
            implements Attention {

        @Override
        public List<Matrix> matrices() {
            return List.of(query, key, value, output);
        }
    }

    /**
     * Keys and values as one latent.
     *
     * @param queryDown to the latent of queries; null where {@code query} reads the hidden state
     * @param down to the latent of keys and values, and the part of the key that turns
     * @param keys by head, {@code [rank, plainSize]}: takes the query to where the latents are
     * @param values by head, {@code [valueSize, rank]}: takes a mean of latents to the head's value
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Latent(
            @Nullable Matrix queryDown,
            float[] queryNorm,
            Matrix query,
            Matrix down,
            float[] norm,
            List<Matrix> keys,
            List<Matrix> values,
            Matrix output)
            implements Attention {

        @Override
        public List<Matrix> matrices() {
            List<Matrix> all = new ArrayList<>(List.of(query, down, output));
            if (queryDown != null) {
                all.add(queryDown);
            }
            all.addAll(keys);
            all.addAll(values);
            return all;
        }
    }
}
