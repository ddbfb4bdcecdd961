package dev.guildhall.engine.kernel;

import dev.guildhall.engine.tensor.Tensor;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.jspecify.annotations.Nullable;

/**
 * The fast kernels: Vector API, all cores.
 *
 * <p>Weights are repacked once into {@link Panels}, which {@link PanelProducts} multiply by. Activations stay f32.
 */
public final class VectorKernels implements Kernels {

    /** Numbers that one thread takes at a time where there is little to do with each. */
    private static final int SHARE = 4096;

    private final Workers workers;
    private final PanelProducts products;
    private final @Nullable Attention[] attentions; // [worker]

    /** Memory of one thread. */
    private record Attention(AttentionShape shape, VectorAttention many, FewRowsAttention few) {

        Attention(AttentionShape shape) {
            this(shape, new VectorAttention(shape), new FewRowsAttention(shape));
        }
    }

    public VectorKernels(int threads) {
        workers = new Workers(threads);
        products = new PanelProducts(workers);
        attentions = new Attention[threads];
    }

    @Override
    public Matrix matrix(Tensor tensor) {
        Panels panels = switch (tensor.type()) {
            case F32 -> new FloatPanels(tensor, workers);
            case F16, BF16 -> new HalfPanels(tensor, workers);
            case F8_E4M3 -> new EighthPanels(tensor, workers);
            case Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, MXFP4 ->
                new CodePanels(BlockFormat.of(tensor.type()).orElseThrow(), tensor, workers);
        };
        return new PanelMatrix(tensor.name(), tensor.rows(), tensor.columns(), panels);
    }

    /** What the matrix of a tensor takes in memory. */
    public static long bytes(Tensor tensor) {
        return switch (tensor.type()) {
            case F32, F16, BF16, F8_E4M3 -> tensor.data().byteSize();
            default -> BlockFormat.of(tensor.type()).orElseThrow().bytes(tensor.elements());
        };
    }

    /** {@code elements}, when one array can hold them. */
    static int arrayLength(Tensor tensor, long elements) {
        // A few below the largest int, as virtual machines keep some for themselves.
        if (elements > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("tensor %s of shape %s needs %d array elements; the limit is %d"
                    .formatted(tensor.name(), tensor.shape(), elements, Integer.MAX_VALUE - 8));
        }
        return (int) elements;
    }

    @Override
    public void multiply(float[] x, List<Product> products) {
        Shapes.check(x, products);
        this.products.run(x, products);
    }

    @Override
    public void rmsNorm(float[] x, int tokens, float[] weight, float epsilon, float[] y) {
        int share = Math.max(1, SHARE / weight.length);
        workers.run((tokens + share - 1) / share, (_, item) -> {
            for (int token = item * share; token < Math.min(tokens, (item + 1) * share); token++) {
                rmsNormRow(x, token * weight.length, weight, epsilon, y);
            }
        });
    }

    private static void rmsNormRow(float[] x, int at, float[] weight, float epsilon, float[] y) {
        int size = weight.length;
        int vectorEnd = Lanes.FLOATS.loopBound(size);
        FloatVector squares = FloatVector.zero(Lanes.FLOATS);
        for (int i = 0; i < vectorEnd; i += Lanes.COUNT) {
            FloatVector value = FloatVector.fromArray(Lanes.FLOATS, x, at + i);
            squares = value.fma(value, squares);
        }
        // Not reduceLanes, which adds in another order once it is compiled.
        float sum = 0;
        for (float lane : squares.toArray()) {
            sum += lane;
        }
        for (int i = vectorEnd; i < size; i++) {
            sum += x[at + i] * x[at + i];
        }
        float scale = (float) (1 / Math.sqrt(sum / size + epsilon));
        for (int i = 0; i < vectorEnd; i += Lanes.COUNT) {
            FloatVector.fromArray(Lanes.FLOATS, x, at + i)
                    .mul(scale)
                    .mul(FloatVector.fromArray(Lanes.FLOATS, weight, i))
                    .intoArray(y, at + i);
        }
        for (int i = vectorEnd; i < size; i++) {
            y[at + i] = x[at + i] * scale * weight[i];
        }
    }

    @Override
    public void addBias(float[] x, int tokens, float[] bias) {
        for (int token = 0; token < tokens; token++) {
            addRange(x, token * bias.length, bias, 0, bias.length);
        }
    }

    @Override
    public void add(float[] x, float[] y, int count) {
        addRange(x, 0, y, 0, count);
    }

    private static void addRange(float[] x, int xAt, float[] y, int yAt, int count) {
        int vectorEnd = Lanes.FLOATS.loopBound(count);
        for (int i = 0; i < vectorEnd; i += Lanes.COUNT) {
            FloatVector.fromArray(Lanes.FLOATS, x, xAt + i)
                    .add(FloatVector.fromArray(Lanes.FLOATS, y, yAt + i))
                    .intoArray(x, xAt + i);
        }
        for (int i = vectorEnd; i < count; i++) {
            x[xAt + i] += y[yAt + i];
        }
    }

    @Override
    public void addWeighted(float[] x, int rows, int size, float[] y, int[] sources, float[] weights) {
        int perRow = sources.length / rows;
        workers.run(rows, (_, row) -> {
            for (int i = row * perRow; i < (row + 1) * perRow; i++) {
                addScaled(x, row * size, y, sources[i] * size, size, weights[i]);
            }
        });
    }

    private static void addScaled(float[] x, int xAt, float[] y, int yAt, int count, float scale) {
        int vectorEnd = Lanes.FLOATS.loopBound(count);
        FloatVector factor = FloatVector.broadcast(Lanes.FLOATS, scale);
        for (int i = 0; i < vectorEnd; i += Lanes.COUNT) {
            FloatVector.fromArray(Lanes.FLOATS, y, yAt + i)
                    .fma(factor, FloatVector.fromArray(Lanes.FLOATS, x, xAt + i))
                    .intoArray(x, xAt + i);
        }
        for (int i = vectorEnd; i < count; i++) {
            x[xAt + i] += scale * y[yAt + i];
        }
    }

    @Override
    public void gatedSilu(float[] gate, float[] up, int count) {
        workers.run(
                (count + SHARE - 1) / SHARE,
                (_, item) -> gatedSilu(gate, up, item * SHARE, Math.min(count, (item + 1) * SHARE)));
    }

    private static void gatedSilu(float[] gate, float[] up, int from, int to) {
        int vectorEnd = from + Lanes.FLOATS.loopBound(to - from);
        for (int i = from; i < vectorEnd; i += Lanes.COUNT) {
            FloatVector value = FloatVector.fromArray(Lanes.FLOATS, gate, i);
            value.div(VectorMath.exp(value.neg()).add(1))
                    .mul(FloatVector.fromArray(Lanes.FLOATS, up, i))
                    .intoArray(gate, i);
        }
        if (vectorEnd < to) {
            // The same arithmetic as above: which numbers are left depends on how many rows there are.
            VectorMask<Float> rest = Lanes.FLOATS.indexInRange(vectorEnd, to);
            FloatVector value = FloatVector.fromArray(Lanes.FLOATS, gate, vectorEnd, rest);
            value.div(VectorMath.exp(value.neg()).add(1))
                    .mul(FloatVector.fromArray(Lanes.FLOATS, up, vectorEnd, rest))
                    .intoArray(gate, vectorEnd, rest);
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
        workers.run(tokens, (_, token) -> {
            for (int head = 0; head < heads; head++) {
                int start = (token * heads + head) * headSize;
                Rotation.rotate(x, start, cosines, sines, token * pairCount, pairCount, pairs);
            }
        });
    }

    @Override
    public void attention(AttentionShape shape, float[] q, List<AttentionSpan> spans, float[] y) {
        Parts items = new Parts(spans.size(), i -> blocks(shape, spans.get(i)) * shape.keyValueHeads());
        workers.run(items.items(), (worker, item) -> {
            int index = items.partOf(item);
            AttentionSpan span = spans.get(index);
            int ofSpan = item - items.firstItem(index);
            // The last rows see most positions: they go first, so that the threads end together.
            int from = (blocks(shape, span) - 1 - ofSpan / shape.keyValueHeads()) * VectorAttention.ROWS_MAX;
            int to = Math.min(span.tokens() * shape.group(), from + VectorAttention.ROWS_MAX);
            int head = ofSpan % shape.keyValueHeads();
            Attention attention = attention(worker, shape);
            if (FewRowsAttention.takes(shape, to - from)) {
                attention.few.run(head, from, to, q, span.firstRow(), span.start(), span.cache(), y);
            } else {
                attention.many.run(head, from, to, q, span.firstRow(), span.start(), span.cache(), y);
            }
        });
    }

    /** Query rows are taken by two vectors. */
    private static int blocks(AttentionShape shape, AttentionSpan span) {
        return (span.tokens() * shape.group() + VectorAttention.ROWS_MAX - 1) / VectorAttention.ROWS_MAX;
    }

    private Attention attention(int worker, AttentionShape shape) {
        Attention current = attentions[worker];
        if (current == null || !current.shape.equals(shape)) {
            current = new Attention(shape);
            attentions[worker] = current;
        }
        return current;
    }

    @Override
    public void close() {
        workers.close();
    }
}
