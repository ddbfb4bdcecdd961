package dev.guildhall.engine.kernel;

import dev.guildhall.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * The operations that a forward pass is made of. Rows of {@code float[]} arguments lie one after the other, one row per
 * token. {@link ScalarKernels} says what each means; {@link VectorKernels} computes the same, up to rounding.
 *
 * <p>One caller at a time.
 */
public interface Kernels extends AutoCloseable {

    /** Takes the weights into the layout that {@link #multiply} reads; the tensor's bytes are not needed afterwards. */
    Matrix matrix(Tensor tensor);

    /**
     * {@code y[rows of the product] = x[rows of the product, columns] · W[i][rows, columns]ᵀ} for every product.
     *
     * @param products at least one, of matrices of these kernels with equal columns; those that read the same rows are best
     *     next to each other
     */
    void multiply(float[] x, List<Product> products);

    /** {@code y[i][tokens, rows] = x[tokens, columns] · W[i][rows, columns]ᵀ}: several matrices read the same input. */
    default void multiply(float[] x, int tokens, List<Matrix> matrices, List<float[]> y) {
        List<Product> products = new ArrayList<>(matrices.size());
        for (int i = 0; i < matrices.size(); i++) {
            products.add(new Product(matrices.get(i), 0, tokens, y.get(i), 0));
        }
        multiply(x, products);
    }

    /** {@code y[tokens, size] = x / sqrt(mean(x²) + epsilon) · weight}; {@code y} may be {@code x}. */
    void rmsNorm(float[] x, int tokens, float[] weight, float epsilon, float[] y);

    /** {@code x[tokens, size] += bias[size]}. */
    void addBias(float[] x, int tokens, float[] bias);

    /** {@code x[i] += y[i]} for the first {@code count} elements. */
    void add(float[] x, float[] y, int count);

    /**
     * {@code x[row, size] += Σ_k weights[row, k] · y[sources[row, k], size]}.
     *
     * @param sources {@code [rows, k]} rows of {@code y}
     * @param weights {@code [rows, k]}
     */
    void addWeighted(float[] x, int rows, int size, float[] y, int[] sources, float[] weights);

    /** {@code gate[i] = gate[i] · sigmoid(gate[i]) · up[i]} for the first {@code count} elements. */
    void gatedSilu(float[] gate, float[] up, int count);

    /**
     * Turns the first elements of every head by the angle of its token.
     *
     * @param x {@code [tokens, heads, headSize]}
     * @param cosines {@code [tokens, pairs]}
     * @param sines {@code [tokens, pairs]}
     * @param pairCount pairs of a head that turn; elements beyond {@code 2 · pairCount} stay
     */
    void rotate(
            float[] x,
            int tokens,
            int heads,
            int headSize,
            float[] cosines,
            float[] sines,
            int pairCount,
            RotaryPairs pairs);

    /**
     * {@code y = softmax(scale · q · Kᵀ) · V}; a token sees the positions up to its own.
     *
     * @param q {@code [rows, heads, keySize]}
     * @param spans one for each sequence
     * @param y {@code [rows, heads, valueSize]}
     */
    void attention(AttentionShape shape, float[] q, List<AttentionSpan> spans, float[] y);

    @Override
    void close();
}
