package dev.guildhall.engine.kernel;

import dev.guildhall.engine.tensor.KeyValuePage;
import dev.guildhall.engine.tensor.KeyValuePages;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Attention of up to {@link #ROWS_MAX} query rows of one key-value head, page by page, without ever holding all scores
 * (flash attention). One lane is one row: a pair of token and query head. Up to 16 rows take one vector of lanes, more take
 * two, which read keys and values half as often. Everything stays lane by lane:
 *
 * <pre>
 * for each page of keys K and values V:
 *   S[position, lane] = Σ_i K[i, position] · Q[i, lane]        (Tiles)
 *   m' = max(m, S)      P = exp(S - m')      c = exp(m - m')
 *   l  = c · l + Σ P    O[i, lane] = c · O + Σ_position V[position, i] · P[position, lane]   (Tiles)
 * result: O / l
 * </pre>
 */
final class VectorAttention {

    static final int ROWS_MAX = Lanes.PANEL_ROWS;

    private static final int POSITIONS = KeyValuePage.POSITIONS;

    private final AttentionShape shape;
    private final HeadPage page;
    private final float[] query; // [keySize, lane]
    private final float[] scores; // [position, lane]
    private final float[] sum; // [valueSize, lane]
    private final int[] limits = new int[ROWS_MAX];

    // One number to a lane; in arrays, for a vector that is handed over is an object.
    private final float[] max = new float[ROWS_MAX];
    private final float[] total = new float[ROWS_MAX];
    private final float[] correction = new float[ROWS_MAX];

    private int lanes; // of the rows at hand: one vector's or two's

    VectorAttention(AttentionShape shape) {
        this.shape = shape;
        page = new HeadPage(shape);
        query = new float[shape.keySize() * ROWS_MAX];
        scores = new float[POSITIONS * ROWS_MAX];
        sum = new float[shape.valueSize() * ROWS_MAX];
    }

    /** Query rows of one key-value head are numbered token by token; this computes those from {@code from} to {@code to}. */
    void run(int keyValueHead, int from, int to, float[] q, int firstRow, int start, KeyValuePages cache, float[] y) {
        lanes = to - from <= Lanes.COUNT ? Lanes.COUNT : ROWS_MAX;
        loadQueries(keyValueHead, from, to, q, firstRow, start);
        Arrays.fill(sum, 0);
        Arrays.fill(max, Float.NEGATIVE_INFINITY);
        Arrays.fill(total, 0);
        int positions = start + (to - 1) / shape.group() + 1;
        int fullyVisible = start + from / shape.group() + 1;
        for (int first = 0; first < positions; first += POSITIONS) {
            int count = Math.min(POSITIONS, positions - first);
            page.open(cache.page(first / POSITIONS), keyValueHead, count);
            score(count);
            mask(first, Math.max(0, fullyVisible - first), count);
            raiseMax(count);
            exponentiate(count);
            if (first > 0) {
                correctSum();
            }
            addValues(count);
        }
        storeResult(keyValueHead, from, to, firstRow, y);
    }

    private void loadQueries(int keyValueHead, int from, int to, float[] q, int firstRow, int start) {
        for (int lane = 0; lane < lanes; lane++) {
            int row = Math.min(from + lane, to - 1);
            limits[lane] = start + row / shape.group();
            int source = shape.at(keyValueHead, row, firstRow, shape.keySize());
            for (int i = 0; i < shape.keySize(); i++) {
                query[i * lanes + lane] = q[source + i] * shape.scale();
            }
        }
    }

    private void score(int count) {
        Arrays.fill(scores, 0, count * lanes, 0);
        for (int position = 0; position < count; position += Tiles.WIDTH) {
            addProduct(
                    query,
                    page.keys(),
                    page.firstKey() + position,
                    POSITIONS,
                    1,
                    shape.keySize(),
                    scores,
                    position * lanes);
        }
    }

    /** {@code y[8, lane] += Σ_i w[i, lane] · x[i, 8]}: with {@code xLane} from one of the eight to the next. */
    private void addProduct(float[] w, float[] x, int xAt, int xStep, int xLane, int count, float[] y, int yAt) {
        if (lanes == ROWS_MAX && xLane == 1) {
            Tiles.addPanelProduct(w, 0, lanes, x, xAt, xStep, count, y, yAt, lanes);
            return;
        }
        for (int lane = 0; lane < lanes; lane += Lanes.COUNT) {
            Tiles.addVectorProduct(w, lane, lanes, x, xAt, xStep, xLane, count, y, yAt + lane, lanes);
        }
    }

    /** Positions below {@code visible} of the page are seen by every lane. */
    private void mask(int first, int visible, int count) {
        for (int lane = 0; lane < lanes; lane += Lanes.COUNT) {
            IntVector limit = IntVector.fromArray(Lanes.INTS, limits, lane);
            for (int position = visible; position < count; position++) {
                int at = position * lanes + lane;
                VectorMask<Float> hidden =
                        limit.compare(VectorOperators.LT, first + position).cast(Lanes.FLOATS);
                FloatVector.fromArray(Lanes.FLOATS, scores, at)
                        .blend(Float.NEGATIVE_INFINITY, hidden)
                        .intoArray(scores, at);
            }
        }
    }

    private void raiseMax(int count) {
        for (int lane = 0; lane < lanes; lane += Lanes.COUNT) {
            FloatVector old = FloatVector.fromArray(Lanes.FLOATS, max, lane);
            FloatVector raised = old;
            for (int position = 0; position < count; position++) {
                raised = raised.max(FloatVector.fromArray(Lanes.FLOATS, scores, position * lanes + lane));
            }
            VectorMath.exp(old.sub(raised)).intoArray(correction, lane);
            raised.intoArray(max, lane);
        }
    }

    private void exponentiate(int count) {
        for (int lane = 0; lane < lanes; lane += Lanes.COUNT) {
            FloatVector raised = FloatVector.fromArray(Lanes.FLOATS, max, lane);
            FloatVector added = FloatVector.fromArray(Lanes.FLOATS, total, lane)
                    .mul(FloatVector.fromArray(Lanes.FLOATS, correction, lane));
            for (int position = 0; position < count; position++) {
                int at = position * lanes + lane;
                FloatVector weight = VectorMath.exp(
                        FloatVector.fromArray(Lanes.FLOATS, scores, at).sub(raised));
                weight.intoArray(scores, at);
                added = added.add(weight);
            }
            added.intoArray(total, lane);
        }
    }

    private void correctSum() {
        for (int lane = 0; lane < lanes; lane += Lanes.COUNT) {
            FloatVector factor = FloatVector.fromArray(Lanes.FLOATS, correction, lane);
            for (int i = lane; i < shape.valueSize() * lanes; i += lanes) {
                FloatVector.fromArray(Lanes.FLOATS, sum, i).mul(factor).intoArray(sum, i);
            }
        }
    }

    private void addValues(int count) {
        boolean valuesInKeys = shape.cache().valuesInKeys();
        int elementStep = valuesInKeys ? POSITIONS : 1;
        int positionStep = valuesInKeys ? 1 : shape.valueSize();
        for (int i = 0; i < shape.valueSize(); i += Tiles.WIDTH) {
            addProduct(
                    scores,
                    page.values(),
                    page.firstValue() + i * elementStep,
                    positionStep,
                    elementStep,
                    count,
                    sum,
                    i * lanes);
        }
    }

    private void storeResult(int keyValueHead, int from, int to, int firstRow, float[] y) {
        for (int row = from; row < to; row++) {
            int lane = row - from;
            int target = shape.at(keyValueHead, row, firstRow, shape.valueSize());
            for (int i = 0; i < shape.valueSize(); i++) {
                y[target + i] = sum[i * lanes + lane] / total[lane];
            }
        }
    }
}
