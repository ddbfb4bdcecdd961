package dev.guildhall.engine.kernel;

import dev.guildhall.engine.tensor.KeyValuePage;
import dev.guildhall.engine.tensor.KeyValuePages;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link VectorAttention} for the few query rows of a decoded token, which would leave most lanes empty there. Here one lane is
 * a position of the scores, then an element of the values:
 *
 * <pre>
 * S[row, position] = Σ_i Q[i, row] · K[i, position]
 * O[row, i]        = c · O + Σ_position P[position, row] · V[position, i]
 * </pre>
 *
 * <p>All sums are taken in the same order as there: a token's result has the same bits alone and in a prompt.
 */
final class FewRowsAttention {

    static final int ROWS_MAX = Tiles.WIDTH;

    private static final int POSITIONS = KeyValuePage.POSITIONS;

    private final AttentionShape shape;
    private final HeadPage page;
    private final float[] query; // [keySize, row]
    private final float[] scores = new float[ROWS_MAX * POSITIONS]; // [row, position]
    private final float[] weights = new float[POSITIONS * Lanes.COUNT]; // [position, row], a vector to a position
    private final float[] sum; // [row, valueSize]

    // One number to a row.
    private final float[] max = new float[Lanes.COUNT];
    private final float[] total = new float[Lanes.COUNT];
    private final float[] correction = new float[Lanes.COUNT];

    FewRowsAttention(AttentionShape shape) {
        this.shape = shape;
        page = new HeadPage(shape);
        query = new float[shape.keySize() * ROWS_MAX];
        sum = new float[ROWS_MAX * shape.valueSize()];
    }

    /** Whether so many rows can be computed this way. */
    static boolean takes(AttentionShape shape, int rows) {
        return rows <= ROWS_MAX && !shape.cache().valuesInKeys() && shape.valueSize() % Lanes.PANEL_ROWS == 0;
    }

    /** As {@link VectorAttention#run}. */
    void run(int keyValueHead, int from, int to, float[] q, int firstRow, int start, KeyValuePages cache, float[] y) {
        int rows = to - from;
        loadQueries(keyValueHead, from, to, q, firstRow);
        Arrays.fill(sum, 0);
        Arrays.fill(max, Float.NEGATIVE_INFINITY);
        Arrays.fill(total, 0);
        int positions = start + (to - 1) / shape.group() + 1;
        for (int first = 0; first < positions; first += POSITIONS) {
            int count = Math.min(POSITIONS, positions - first);
            page.open(cache.page(first / POSITIONS), keyValueHead, count);
            score(count);
            for (int row = 0; row < rows; row++) {
                hide(row, start + (from + row) / shape.group() + 1 - first);
            }
            raiseMax(rows);
            exponentiate(rows);
            addWeights(rows, count);
            if (first > 0) {
                correctSum(rows);
            }
            addValues(count);
        }
        storeResult(keyValueHead, from, to, firstRow, y);
    }

    private void loadQueries(int keyValueHead, int from, int to, float[] q, int firstRow) {
        for (int row = from; row < to; row++) {
            int source = shape.at(keyValueHead, row, firstRow, shape.keySize());
            for (int i = 0; i < shape.keySize(); i++) {
                query[i * ROWS_MAX + row - from] = q[source + i] * shape.scale();
            }
        }
    }

    private void score(int count) {
        Arrays.fill(scores, 0);
        for (int position = 0; position < count; position += Lanes.PANEL_ROWS) {
            Tiles.addPanelProduct(
                    page.keys(),
                    page.firstKey() + position,
                    POSITIONS,
                    query,
                    0,
                    ROWS_MAX,
                    shape.keySize(),
                    scores,
                    position,
                    POSITIONS);
        }
    }

    /** What a row does not see of the page, of which it sees the first {@code visible} positions. */
    private void hide(int row, int visible) {
        if (visible < POSITIONS) {
            int at = row * POSITIONS;
            Arrays.fill(scores, at + Math.max(0, visible), at + POSITIONS, Float.NEGATIVE_INFINITY);
        }
    }

    private void raiseMax(int rows) {
        FloatVector old = FloatVector.fromArray(Lanes.FLOATS, max, 0);
        for (int row = 0; row < rows; row++) {
            FloatVector largest = FloatVector.fromArray(Lanes.FLOATS, scores, row * POSITIONS);
            for (int position = Lanes.COUNT; position < POSITIONS; position += Lanes.COUNT) {
                largest = largest.max(FloatVector.fromArray(Lanes.FLOATS, scores, row * POSITIONS + position));
            }
            max[row] = Math.max(max[row], largest.reduceLanes(VectorOperators.MAX));
        }
        VectorMath.exp(old.sub(FloatVector.fromArray(Lanes.FLOATS, max, 0))).intoArray(correction, 0);
    }

    private void exponentiate(int rows) {
        for (int row = 0; row < rows; row++) {
            FloatVector raised = FloatVector.broadcast(Lanes.FLOATS, max[row]);
            for (int at = row * POSITIONS; at < (row + 1) * POSITIONS; at += Lanes.COUNT) {
                VectorMath.exp(FloatVector.fromArray(Lanes.FLOATS, scores, at).sub(raised))
                        .intoArray(scores, at);
            }
        }
    }

    private void addWeights(int rows, int count) {
        for (int row = 0; row < rows; row++) {
            for (int position = 0; position < count; position++) {
                weights[position * Lanes.COUNT + row] = scores[row * POSITIONS + position];
            }
        }
        FloatVector added =
                FloatVector.fromArray(Lanes.FLOATS, total, 0).mul(FloatVector.fromArray(Lanes.FLOATS, correction, 0));
        for (int position = 0; position < count; position++) {
            added = added.add(FloatVector.fromArray(Lanes.FLOATS, weights, position * Lanes.COUNT));
        }
        added.intoArray(total, 0);
    }

    private void correctSum(int rows) {
        for (int row = 0; row < rows; row++) {
            FloatVector factor = FloatVector.broadcast(Lanes.FLOATS, correction[row]);
            for (int i = row * shape.valueSize(); i < (row + 1) * shape.valueSize(); i += Lanes.COUNT) {
                FloatVector.fromArray(Lanes.FLOATS, sum, i).mul(factor).intoArray(sum, i);
            }
        }
    }

    private void addValues(int count) {
        for (int i = 0; i < shape.valueSize(); i += Lanes.PANEL_ROWS) {
            Tiles.addPanelProduct(
                    page.values(),
                    page.firstValue() + i,
                    shape.valueSize(),
                    weights,
                    0,
                    Lanes.COUNT,
                    count,
                    sum,
                    i,
                    shape.valueSize());
        }
    }

    private void storeResult(int keyValueHead, int from, int to, int firstRow, float[] y) {
        for (int row = 0; row < to - from; row++) {
            int target = shape.at(keyValueHead, from + row, firstRow, shape.valueSize());
            FloatVector divisor = FloatVector.broadcast(Lanes.FLOATS, total[row]);
            for (int i = 0; i < shape.valueSize(); i += Lanes.COUNT) {
                FloatVector.fromArray(Lanes.FLOATS, sum, row * shape.valueSize() + i)
                        .div(divisor)
                        .intoArray(y, target + i);
            }
        }
    }
}
