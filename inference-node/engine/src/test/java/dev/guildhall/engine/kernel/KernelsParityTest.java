package dev.guildhall.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.guildhall.engine.tensor.KeyValuePage;
import dev.guildhall.engine.tensor.KeyValuePages;
import dev.guildhall.engine.tensor.KeyValueShape;
import dev.guildhall.engine.tensor.KeyValueType;
import dev.guildhall.engine.tensor.Tensor;
import dev.guildhall.engine.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The vector kernels compute what the scalar ones do, whatever the size. */
class KernelsParityTest {

    private static final int[] ROWS = {1, 13, 32, 207};
    private static final int[] TOKENS = {1, 3, 4, 13};

    private final Kernels scalar = new ScalarKernels(1);
    private final Kernels vector = new VectorKernels(2);

    @AfterEach
    void close() {
        scalar.close();
        vector.close();
    }

    @ParameterizedTest
    @EnumSource
    void multipliesAsTheReference(TensorType type) {
        int[] columns = type.blockElements() == 1 ? new int[] {1, 13, 207, 515} : new int[] {256, 768, 1280};
        for (int columnCount : columns) {
            for (int rows : ROWS) {
                for (int tokens : TOKENS) {
                    checkProduct(type, rows, columnCount, tokens);
                }
            }
        }
    }

    /** Rows of the simple types need not be multiples of what a kernel takes at a time. */
    @ParameterizedTest
    @EnumSource(names = {"Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "IQ4_NL", "MXFP4"})
    void multipliesRowsThatEndInsideAStrip(TensorType type) {
        for (int tokens : TOKENS) {
            checkProduct(type, 45, 32, tokens);
            checkProduct(type, 45, 896, tokens);
        }
    }

    /** Six bits take a byte; inner scales and offsets of four and six bits take one each. */
    @ParameterizedTest
    @EnumSource
    void takesLittleMoreMemoryThanTheFile(TensorType type) {
        Tensor tensor = SampleTensors.random(type, 128, 512, 3);
        double ratio = (double) vector.matrix(tensor).bytes() / tensor.data().byteSize();
        assertThat(ratio).as(type.name()).isBetween(1.0, type == TensorType.Q6_K ? 1.31 : 1.2);
    }

    /** The same seed gives the same text, whoever else is answered at the same time. */
    @ParameterizedTest
    @EnumSource
    void aRowsResultDoesNotDependOnTheRowsBesideIt(TensorType type) {
        int columns = 768;
        int rows = 45;
        int tokens = 13;
        Matrix matrix = vector.matrix(SampleTensors.random(type, rows, columns, 5));
        float[] x = SampleTensors.floats(tokens * columns, 7);
        float[] together = new float[tokens * rows];
        vector.multiply(x, tokens, List.of(matrix), List.of(together));
        for (int count : new int[] {1, 2, 4, 5, 8}) {
            for (int first = 0; first + count <= tokens; first += count) {
                float[] apart = new float[count * rows];
                float[] some = Arrays.copyOfRange(x, first * columns, (first + count) * columns);
                vector.multiply(some, count, List.of(matrix), List.of(apart));
                assertThat(apart)
                        .as("%s, %d rows from %d", type, count, first)
                        .containsExactly(Arrays.copyOfRange(together, first * rows, (first + count) * rows));
            }
        }
    }

    private void checkProduct(TensorType type, int rows, int columns, int tokens) {
        Tensor tensor = SampleTensors.random(type, rows, columns, rows * 31L + columns);
        float[] x = SampleTensors.floats(tokens * columns, tokens);
        float[] expected = new float[tokens * rows];
        float[] actual = new float[tokens * rows];
        scalar.multiply(x, tokens, List.of(scalar.matrix(tensor)), List.of(expected));
        vector.multiply(x, tokens, List.of(vector.matrix(tensor)), List.of(actual));

        // The error of a sum grows with what is summed, not with the result.
        float[] row = new float[columns];
        RowReader reader = new RowReader(tensor);
        for (int r = 0; r < rows; r++) {
            reader.read(r, row, 0);
            for (int token = 0; token < tokens; token++) {
                double magnitude = 0;
                for (int column = 0; column < columns; column++) {
                    magnitude += Math.abs(row[column] * x[token * columns + column]);
                }
                // Offsets and codes of a group may cancel out: their own size counts.
                double tolerance = 1e-5 * magnitude + 1e-4;
                assertThat(Math.abs(actual[token * rows + r] - expected[token * rows + r]))
                        .as("%s %d×%d, token %d of %d, row %d", type, rows, columns, token, tokens, r)
                        .isLessThanOrEqualTo((float) tolerance);
            }
        }
    }

    /** In this order before and after the compiler has seen it, or a seed would give another text in a fresh process. */
    @Test
    void addsSquaresUpLaneByLane() {
        int size = 56 * Lanes.COUNT;
        float[] ones = new float[size];
        Arrays.fill(ones, 1);
        float[] expected = new float[size];
        float[] actual = new float[size];
        for (int seed = 0; seed < 20_000; seed++) {
            float[] x = SampleTensors.floats(size, seed);
            float[] lanes = new float[Lanes.COUNT];
            for (int i = 0; i < size; i++) {
                lanes[i % Lanes.COUNT] = Math.fma(x[i], x[i], lanes[i % Lanes.COUNT]);
            }
            float sum = 0;
            for (float lane : lanes) {
                sum += lane;
            }
            float scale = (float) (1 / Math.sqrt(sum / size + 1e-6f));
            for (int i = 0; i < size; i++) {
                expected[i] = x[i] * scale;
            }
            vector.rmsNorm(x, 1, ones, 1e-6f, actual);
            assertThat(Arrays.equals(actual, expected)).as("seed %d", seed).isTrue();
        }
    }

    @Test
    void multipliesSeveralMatricesAtOnce() {
        Tensor a = SampleTensors.random(TensorType.Q8_0, 33, 64, 1);
        Tensor b = SampleTensors.random(TensorType.Q4_0, 70, 64, 2);
        for (int tokens : TOKENS) {
            float[] x = SampleTensors.floats(tokens * 64, 3);
            float[] together = new float[tokens * 70];
            float[] alone = new float[tokens * 70];
            vector.multiply(
                    x, tokens, List.of(vector.matrix(a), vector.matrix(b)), List.of(new float[tokens * 33], together));
            vector.multiply(x, tokens, List.of(vector.matrix(b)), List.of(alone));
            assertThat(together).containsExactly(alone);
        }
    }

    /** As experts do: each matrix has rows of its own, many or few, and puts its results where they belong. */
    @Test
    void multipliesEachMatrixWithItsOwnRows() {
        int[] counts = {1, 5, 3, 20, 2};
        int rows = 31;
        float[] x = SampleTensors.floats(rows * 64, 3);
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < counts.length; i++) {
            tensors.add(SampleTensors.random(TensorType.Q8_0, 40, 64, i));
        }
        float[] expected = productsOfEach(scalar, tensors, counts, x);
        assertClose(productsOfEach(vector, tensors, counts, x), expected, 1e-3f);
        // The first row of the input and of the results belongs to nobody.
        assertThat(Arrays.copyOf(expected, 40)).containsOnly(0);
    }

    private static float[] productsOfEach(Kernels kernels, List<Tensor> tensors, int[] counts, float[] x) {
        List<Product> products = new ArrayList<>();
        float[] y = new float[(1 + Arrays.stream(counts).sum()) * 40];
        int first = 0;
        for (int i = 0; i < counts.length; i++) {
            products.add(new Product(kernels.matrix(tensors.get(i)), first, counts[i], y, first + 1));
            first += counts[i];
        }
        kernels.multiply(x, products);
        return y;
    }

    @Test
    void refusesMatricesThatCannotReadTheSameRows() {
        Matrix narrow = vector.matrix(SampleTensors.random(TensorType.F32, 3, 5, 1));
        Matrix wide = vector.matrix(SampleTensors.random(TensorType.F32, 3, 6, 1));
        float[] y = new float[3];
        assertThatThrownBy(() -> vector.multiply(new float[6], 1, List.of(narrow, wide), List.of(y, y)))
                .hasMessage("sample has 6 columns, sample 5: they cannot read the same rows");
    }

    @Test
    void addsWeightedRowsAsTheReference() {
        int[] sources = {3, 0, 1, 1, 2, 3};
        float[] weights = {0.5f, -1, 2, 0.25f, 1, 0};
        for (int size : new int[] {1, 13, 64, 207}) {
            float[] y = SampleTensors.floats(4 * size, 7);
            float[] expected = SampleTensors.floats(3 * size, 8);
            float[] actual = expected.clone();
            scalar.addWeighted(expected, 3, size, y, sources, weights);
            vector.addWeighted(actual, 3, size, y, sources, weights);
            assertClose(actual, expected, 1e-5f);
        }
    }

    @Test
    void normsManyShortRowsInPlace() {
        float[] expected = SampleTensors.floats(1000 * 16, 1);
        float[] actual = expected.clone();
        float[] weight = SampleTensors.floats(16, 9);
        scalar.rmsNorm(expected, 1000, weight, 1e-6f, expected);
        vector.rmsNorm(actual, 1000, weight, 1e-6f, actual);
        assertClose(actual, expected, 1e-5f);
    }

    @Test
    void refusesArraysThatAreTooSmall() {
        Matrix matrix = vector.matrix(SampleTensors.random(TensorType.F32, 3, 5, 1));
        assertThatThrownBy(() -> vector.multiply(new float[9], 2, List.of(matrix), List.of(new float[6])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sample[3, 5] needs an input of 2 × 5 and an output of 2 × 3");
    }

    @Test
    void normsAsTheReference() {
        for (int size : new int[] {1, 13, 64, 207}) {
            float[] x = SampleTensors.floats(3 * size, size);
            float[] weight = SampleTensors.floats(size, 9);
            float[] expected = new float[3 * size];
            float[] actual = new float[3 * size];
            scalar.rmsNorm(x, 3, weight, 1e-6f, expected);
            vector.rmsNorm(x, 3, weight, 1e-6f, actual);
            assertClose(actual, expected, 1e-5f);
        }
    }

    @Test
    void gatesAsTheReference() {
        for (int count : new int[] {1, 13, 207, 5000}) {
            float[] expected = SampleTensors.floats(count, count);
            expected[0] = -200;
            expected[count / 2] = 200;
            float[] actual = expected.clone();
            float[] up = SampleTensors.floats(count, 5);
            scalar.gatedSilu(expected, up, count);
            vector.gatedSilu(actual, up, count);
            assertClose(actual, expected, 1e-5f);
        }
    }

    @Test
    void addsAndRotatesAsTheReference() {
        for (RotaryPairs pairs : RotaryPairs.values()) {
            assertThat(addedAndRotated(vector, pairs)).containsExactly(addedAndRotated(scalar, pairs));
        }
    }

    private static float[] addedAndRotated(Kernels kernels, RotaryPairs pairs) {
        float[] x = SampleTensors.floats(3 * 5 * 16, 3);
        kernels.rotate(x, 3, 5, 16, SampleTensors.floats(3 * 4, 1), SampleTensors.floats(3 * 4, 2), 4, pairs);
        kernels.addBias(x, 3, SampleTensors.floats(80, 4));
        kernels.add(x, SampleTensors.floats(77, 5), 77);
        return x;
    }

    @Test
    void attendsAsTheReference() {
        for (AttentionShape shape : List.of(
                new AttentionShape(1, 1, 8),
                new AttentionShape(14, 2, 64),
                new AttentionShape(9, 3, 64),
                new AttentionShape(40, 2, 16),
                new AttentionShape(16, 4, 128),
                new AttentionShape(6, new KeyValueShape(2, 24, 8, false), 0.3f),
                new AttentionShape(20, new KeyValueShape(1, 40, 32, true), 0.2f),
                new AttentionShape(4, new KeyValueShape(2, 16, 16, true), 0.2f))) {
            checkAttention(shape, 0, 1);
            checkAttention(shape, 0, 70);
            checkAttention(shape, 63, 1);
            checkAttention(shape, 64, 1);
            checkAttention(shape, 200, 13);
        }
    }

    /** Few rows and many take different ways to the same bits, whatever lies behind what a token sees. */
    @ParameterizedTest
    @EnumSource
    void aTokensAttentionDoesNotDependOnTheTokensBesideIt(KeyValueType type) {
        int start = 57;
        int tokens = 13;
        for (AttentionShape shape : List.of(
                new AttentionShape(14, 2, 64),
                new AttentionShape(16, 4, 128),
                new AttentionShape(9, 3, 96),
                new AttentionShape(4, new KeyValueShape(2, 24, 64, false), 0.3f))) {
            KeyValuePages pages = pages(shape, type, start + tokens);
            float[] q = SampleTensors.floats(tokens * shape.querySize(), 3);
            float[] together = new float[tokens * shape.resultSize()];
            vector.attention(shape, q, List.of(new AttentionSpan(0, tokens, start, pages)), together);
            float[] apart = new float[together.length];
            for (int token = 0; token < tokens; token++) {
                vector.attention(shape, q, List.of(new AttentionSpan(token, 1, start + token, pages)), apart);
            }
            assertThat(apart).as("%s", shape).containsExactly(together);
        }
    }

    private static KeyValuePages pages(AttentionShape shape, KeyValueType type, int positions) {
        KeyValuePages pages = new KeyValuePages();
        for (int page = 0; page * KeyValuePage.POSITIONS < positions; page++) {
            pages.add(type.newPage(shape.cache()));
        }
        pages.write(
                0,
                positions,
                SampleTensors.floats(positions * shape.cache().keysSize(), 1),
                SampleTensors.floats(positions * shape.cache().valuesSize(), 2),
                0);
        return pages;
    }

    private void checkAttention(AttentionShape shape, int start, int tokens) {
        for (KeyValueType type : KeyValueType.values()) {
            checkAttention(shape, type, start, tokens);
        }
    }

    private void checkAttention(AttentionShape shape, KeyValueType type, int start, int tokens) {
        KeyValuePages pages = pages(shape, type, start + tokens);
        // Rows before the first belong to another sequence.
        int rows = tokens + 2;
        float[] q = SampleTensors.floats(rows * shape.querySize(), 3);
        float[] expected = new float[rows * shape.resultSize()];
        float[] actual = new float[rows * shape.resultSize()];
        List<AttentionSpan> spans = List.of(new AttentionSpan(2, tokens, start, pages));
        scalar.attention(shape, q, spans, expected);
        vector.attention(shape, q, spans, actual);
        assertClose(actual, expected, 1e-4f);
    }

    private static void assertClose(float[] actual, float[] expected, float tolerance) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs(actual[i] - expected[i]))
                    .as("element %d: %s, expected %s", i, actual[i], expected[i])
                    .isLessThanOrEqualTo(tolerance * Math.max(1, Math.abs(expected[i])));
        }
    }
}
