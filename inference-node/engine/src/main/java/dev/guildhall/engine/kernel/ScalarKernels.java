package dev.guildhall.engine.kernel;

import dev.guildhall.engine.tensor.KeyValuePage;
import dev.guildhall.engine.tensor.Tensor;
import java.util.List;

/** The reference: plain loops that read like the formulas, on weights as the file packs them. */
public final class ScalarKernels implements Kernels {

    private final Workers workers;

    private record PackedMatrix(Tensor tensor) implements Matrix {

        @Override
        public String name() {
            return tensor.name();
        }

        @Override
        public int rows() {
            return tensor.rows();
        }

        @Override
        public int columns() {
            return tensor.columns();
        }

        @Override
        public long bytes() {
            return 0;
        }
    }

    public ScalarKernels(int threads) {
        workers = new Workers(threads);
    }

    /** Here the tensor's bytes are needed as long as the matrix. */
    @Override
    public Matrix matrix(Tensor tensor) {
        return new PackedMatrix(tensor);
    }

    @Override
    public void multiply(float[] x, List<Product> products) {
        Shapes.check(x, products);
        products.forEach(product -> multiply(x, product));
    }

    private void multiply(float[] x, Product product) {
        Tensor weights = ((PackedMatrix) product.matrix()).tensor;
        int columns = weights.columns();
        int rows = weights.rows();
        int strips = Math.min(rows, workers.count() * 4);
        workers.run(strips, (_, strip) -> {
            RowReader reader = new RowReader(weights);
            float[] row = new float[columns];
            for (int r = strip; r < rows; r += strips) {
                reader.read(r, row, 0);
                for (int i = 0; i < product.rowCount(); i++) {
                    int at = (product.firstRow() + i) * columns;
                    float sum = 0;
                    for (int column = 0; column < columns; column++) {
                        sum += row[column] * x[at + column];
                    }
                    product.y()[(product.firstResult() + i) * rows + r] = sum;
                }
            }
        });
    }

    @Override
    public void rmsNorm(float[] x, int tokens, float[] weight, float epsilon, float[] y) {
        int size = weight.length;
        for (int token = 0; token < tokens; token++) {
            float squares = 0;
            for (int i = 0; i < size; i++) {
                squares += x[token * size + i] * x[token * size + i];
            }
            float scale = (float) (1 / Math.sqrt(squares / size + epsilon));
            for (int i = 0; i < size; i++) {
                y[token * size + i] = x[token * size + i] * scale * weight[i];
            }
        }
    }

    @Override
    public void addBias(float[] x, int tokens, float[] bias) {
        for (int token = 0; token < tokens; token++) {
            for (int i = 0; i < bias.length; i++) {
                x[token * bias.length + i] += bias[i];
            }
        }
    }

    @Override
    public void add(float[] x, float[] y, int count) {
        for (int i = 0; i < count; i++) {
            x[i] += y[i];
        }
    }

    @Override
    public void addWeighted(float[] x, int rows, int size, float[] y, int[] sources, float[] weights) {
        int perRow = sources.length / rows;
        for (int row = 0; row < rows; row++) {
            for (int k = row * perRow; k < (row + 1) * perRow; k++) {
                for (int i = 0; i < size; i++) {
                    x[row * size + i] += weights[k] * y[sources[k] * size + i];
                }
            }
        }
    }

    @Override
    public void gatedSilu(float[] gate, float[] up, int count) {
        for (int i = 0; i < count; i++) {
            gate[i] = (float) (gate[i] / (1 + Math.exp(-gate[i]))) * up[i];
        }
    }

    @Override
    public void rotate(
            float[] x,
            int tokens,
            int heads,
            int headSize,
            float[] cosines,
            float[] sines,
            int pairCount,
            RotaryPairs pairs) {
        for (int token = 0; token < tokens; token++) {
            for (int head = 0; head < heads; head++) {
                int start = (token * heads + head) * headSize;
                Rotation.rotate(x, start, cosines, sines, token * pairCount, pairCount, pairs);
            }
        }
    }

    @Override
    public void attention(AttentionShape shape, float[] q, List<AttentionSpan> spans, float[] y) {
        for (AttentionSpan span : spans) {
            attention(shape, q, span, y);
        }
    }

    private void attention(AttentionShape shape, float[] q, AttentionSpan span, float[] y) {
        int keySize = shape.keySize();
        int valueSize = shape.valueSize();
        workers.run(span.tokens() * shape.heads(), (_, item) -> {
            int token = item / shape.heads();
            int head = item % shape.heads();
            int keyValueHead = head / shape.group();
            int row = span.firstRow() + token;
            int query = row * shape.querySize() + head * keySize;
            int positions = span.start() + token + 1;

            float[] scores = new float[positions];
            float scoreMax = Float.NEGATIVE_INFINITY;
            for (int position = 0; position < positions; position++) {
                KeyValuePage page = span.cache().page(position / KeyValuePage.POSITIONS);
                float dot = 0;
                for (int i = 0; i < keySize; i++) {
                    dot += q[query + i] * page.key(keyValueHead, i, position % KeyValuePage.POSITIONS);
                }
                scores[position] = dot * shape.scale();
                scoreMax = Math.max(scoreMax, scores[position]);
            }
            float sum = 0;
            for (int position = 0; position < positions; position++) {
                scores[position] = (float) Math.exp(scores[position] - scoreMax);
                sum += scores[position];
            }
            for (int i = 0; i < valueSize; i++) {
                float value = 0;
                for (int position = 0; position < positions; position++) {
                    KeyValuePage page = span.cache().page(position / KeyValuePage.POSITIONS);
                    value += scores[position] * page.value(keyValueHead, i, position % KeyValuePage.POSITIONS);
                }
                y[row * shape.resultSize() + head * valueSize + i] = value / sum;
            }
        });
    }

    @Override
    public void close() {
        workers.close();
    }
}
