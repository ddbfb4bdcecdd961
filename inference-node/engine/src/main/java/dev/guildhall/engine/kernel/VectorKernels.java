package dev.guildhall.engine.kernel;

import dev.guildhall.engine.tensor.KeyValuePages;
import dev.guildhall.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/**
 * The fast kernels: Vector API, all cores.
 *
 * <p>Weights are repacked once into {@link Panels}. Few tokens are multiplied straight from the packed codes
 * (memory-bound); many tokens by unpacking a strip of a panel to floats and running it against all of them
 * (compute-bound). Activations stay f32 in both, so that the two differ by rounding alone.
 */
public final class VectorKernels implements Kernels {

    /** From here on the unpacking pays: measured with 0.5 and 1.5 billion parameters. */
    private static final int TOKENS_UNPACKED_MIN = 4;

    private static final int SUM_COLUMNS = 32;
    private static final int ROWS = Lanes.PANEL_ROWS;

    private final Workers workers;
    private final Scratch[] scratch;
    private float[] groupSums = new float[0]; // [token, column/32]
    private float[] interleaved = new float[0]; // [token/8, column, 8]

    /** Memory of one thread. */
    private static final class Scratch {
        final Panels.Scratch scales = new Panels.Scratch();
        final float[] strip = new float[Panels.STRIP_COLUMNS * ROWS]; // [column, row]
        final float[] result = new float[ROWS];
        float[] results = new float[0]; // [token, row]

        @Nullable
        VectorAttention attention;

        float[] results(int size) {
            if (results.length < size) {
                results = new float[size];
            }
            return results;
        }

        VectorAttention attention(AttentionShape shape) {
            VectorAttention current = attention;
            if (current == null || !current.shape().equals(shape)) {
                current = new VectorAttention(shape);
                attention = current;
            }
            return current;
        }
    }

    private record PanelMatrix(String name, int rows, int columns, Panels panels) implements Matrix {

        @Override
        public long bytes() {
            return panels.bytes();
        }

        int panelCount() {
            return (rows + ROWS - 1) / ROWS;
        }
    }

    public VectorKernels(int threads) {
        workers = new Workers(threads);
        scratch = new Scratch[threads];
        for (int i = 0; i < threads; i++) {
            scratch[i] = new Scratch();
        }
    }

    @Override
    public Matrix matrix(Tensor tensor) {
        Panels panels = switch (tensor.type()) {
            case F32 -> new FloatPanels(tensor, workers);
            case F16, BF16 -> new HalfPanels(tensor, workers);
            case Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q4_K, Q5_K, Q6_K ->
                new CodePanels(BlockFormat.of(tensor.type()).orElseThrow(), tensor, workers);
        };
        return new PanelMatrix(tensor.name(), tensor.rows(), tensor.columns(), panels);
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
    public void multiply(float[] x, int tokens, List<Matrix> matrices, List<float[]> y) {
        Shapes.checkProduct(x, tokens, matrices, y);
        List<PanelMatrix> panelled = new ArrayList<>(matrices.size());
        int[] firstPanels = new int[matrices.size() + 1];
        for (int i = 0; i < matrices.size(); i++) {
            PanelMatrix matrix = (PanelMatrix) matrices.get(i);
            panelled.add(matrix);
            firstPanels[i + 1] = firstPanels[i] + matrix.panelCount();
        }
        if (tokens < TOKENS_UNPACKED_MIN) {
            multiplyPacked(x, tokens, panelled, firstPanels, y);
        } else {
            multiplyUnpacked(x, tokens, panelled, firstPanels, y);
        }
    }

    private void multiplyPacked(float[] x, int tokens, List<PanelMatrix> matrices, int[] firstPanels, List<float[]> y) {
        int columns = matrices.getFirst().columns();
        int groups = (columns + SUM_COLUMNS - 1) / SUM_COLUMNS;
        sumGroups(x, tokens, columns, groups);
        workers.run(firstPanels[matrices.size()], (worker, item) -> {
            int index = matrixOf(item, firstPanels);
            PanelMatrix matrix = matrices.get(index);
            int panel = item - firstPanels[index];
            int rows = Math.min(ROWS, matrix.rows() - panel * ROWS);
            Scratch own = scratch[worker];
            for (int token = 0; token < tokens; token++) {
                matrix.panels().multiply(panel, x, token * columns, groupSums, token * groups, own.result, own.scales);
                System.arraycopy(own.result, 0, y.get(index), token * matrix.rows() + panel * ROWS, rows);
            }
        });
    }

    private void multiplyUnpacked(
            float[] x, int tokens, List<PanelMatrix> matrices, int[] firstPanels, List<float[]> y) {
        int columns = matrices.getFirst().columns();
        int blocks = (tokens + Tiles.WIDTH - 1) / Tiles.WIDTH;
        if (interleaved.length < blocks * columns * Tiles.WIDTH) {
            interleaved = new float[blocks * columns * Tiles.WIDTH];
        }
        workers.run(blocks, (_, block) -> interleave(x, tokens, columns, block));
        workers.run(firstPanels[matrices.size()], (worker, item) -> {
            int index = matrixOf(item, firstPanels);
            PanelMatrix matrix = matrices.get(index);
            int panel = item - firstPanels[index];
            Scratch own = scratch[worker];
            float[] results = own.results(blocks * Tiles.WIDTH * ROWS);
            Arrays.fill(results, 0, blocks * Tiles.WIDTH * ROWS, 0);
            for (int from = 0; from < columns; from += Panels.STRIP_COLUMNS) {
                int to = Math.min(columns, from + Panels.STRIP_COLUMNS);
                matrix.panels().unpack(panel, from, to, own.strip, own.scales);
                for (int block = 0; block < blocks; block++) {
                    Tiles.addPanelProduct(
                            own.strip,
                            0,
                            ROWS,
                            interleaved,
                            (block * columns + from) * Tiles.WIDTH,
                            Tiles.WIDTH,
                            to - from,
                            results,
                            block * Tiles.WIDTH * ROWS,
                            ROWS);
                }
            }
            int rows = Math.min(ROWS, matrix.rows() - panel * ROWS);
            for (int token = 0; token < tokens; token++) {
                System.arraycopy(results, token * ROWS, y.get(index), token * matrix.rows() + panel * ROWS, rows);
            }
        });
    }

    private static int matrixOf(int item, int[] firstPanels) {
        int index = 0;
        while (item >= firstPanels[index + 1]) {
            index++;
        }
        return index;
    }

    private void sumGroups(float[] x, int tokens, int columns, int groups) {
        if (groupSums.length < tokens * groups) {
            groupSums = new float[tokens * groups];
        }
        for (int token = 0; token < tokens; token++) {
            for (int group = 0; group < groups; group++) {
                float sum = 0;
                int end = Math.min(columns, (group + 1) * SUM_COLUMNS);
                for (int column = group * SUM_COLUMNS; column < end; column++) {
                    sum += x[token * columns + column];
                }
                groupSums[token * groups + group] = sum;
            }
        }
    }

    /** Lays eight tokens side by side, column by column; zeros stand in for tokens that are not there. */
    private void interleave(float[] x, int tokens, int columns, int block) {
        int out = block * columns * Tiles.WIDTH;
        for (int i = 0; i < Tiles.WIDTH; i++) {
            int token = block * Tiles.WIDTH + i;
            for (int column = 0; column < columns; column++) {
                interleaved[out + column * Tiles.WIDTH + i] = token < tokens ? x[token * columns + column] : 0;
            }
        }
    }

    @Override
    public void rmsNorm(float[] x, int tokens, float[] weight, float epsilon, float[] y) {
        workers.run(tokens, (_, token) -> rmsNormRow(x, token * weight.length, weight, epsilon, y));
    }

    private static void rmsNormRow(float[] x, int at, float[] weight, float epsilon, float[] y) {
        int size = weight.length;
        int vectorEnd = Lanes.FLOATS.loopBound(size);
        FloatVector squares = FloatVector.zero(Lanes.FLOATS);
        for (int i = 0; i < vectorEnd; i += Lanes.COUNT) {
            FloatVector value = FloatVector.fromArray(Lanes.FLOATS, x, at + i);
            squares = value.fma(value, squares);
        }
        float sum = squares.reduceLanes(VectorOperators.ADD);
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
    public void gatedSilu(float[] gate, float[] up, int count) {
        int share = 4096;
        workers.run(
                (count + share - 1) / share,
                (_, item) -> gatedSilu(gate, up, item * share, Math.min(count, (item + 1) * share)));
    }

    private static void gatedSilu(float[] gate, float[] up, int from, int to) {
        int vectorEnd = from + Lanes.FLOATS.loopBound(to - from);
        for (int i = from; i < vectorEnd; i += Lanes.COUNT) {
            FloatVector value = FloatVector.fromArray(Lanes.FLOATS, gate, i);
            value.div(VectorMath.exp(value.neg()).add(1))
                    .mul(FloatVector.fromArray(Lanes.FLOATS, up, i))
                    .intoArray(gate, i);
        }
        for (int i = vectorEnd; i < to; i++) {
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
        workers.run(tokens, (_, token) -> {
            for (int head = 0; head < heads; head++) {
                int start = (token * heads + head) * headSize;
                Rotation.rotate(x, start, cosines, sines, token * pairCount, pairCount, pairs);
            }
        });
    }

    @Override
    public void attention(
            AttentionShape shape, float[] q, int firstRow, int tokens, int start, KeyValuePages cache, float[] y) {
        int rows = tokens * shape.group();
        int blocks = (rows + Lanes.COUNT - 1) / Lanes.COUNT;
        workers.run(blocks * shape.keyValueHeads(), (worker, item) -> {
            // The last rows see most positions: they go first, so that the threads end together.
            int block = blocks - 1 - item / shape.keyValueHeads();
            int from = block * Lanes.COUNT;
            int to = Math.min(rows, from + Lanes.COUNT);
            scratch[worker].attention(shape).run(item % shape.keyValueHeads(), from, to, q, firstRow, start, cache, y);
        });
    }

    @Override
    public void close() {
        workers.close();
    }
}
