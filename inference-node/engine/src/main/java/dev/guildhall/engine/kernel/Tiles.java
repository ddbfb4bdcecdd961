package dev.guildhall.engine.kernel;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The innermost products of matrices, where nearly all of a long prompt's time goes. Each keeps its whole result in
 * registers and takes one step of the sum at a time: a column of weights from memory, eight numbers spread over vectors.
 * They are written out because the compiler keeps local variables in registers, and arrays not.
 */
final class Tiles {

    /** Numbers of the second factor that one call works on. */
    static final int WIDTH = 8;

    private Tiles() {}

    /**
     * {@code y[8][PANEL_ROWS] += Σ_i x[i][8] · w[i][PANEL_ROWS]}, over {@code count} steps.
     *
     * @param wStep distance of two steps in {@code w}; likewise in {@code x}; {@code yStep} that of two of the eight results
     */
    static void addPanelProduct(
            float[] w, int wAt, int wStep, float[] x, int xAt, int xStep, int count, float[] y, int yAt, int yStep) {
        FloatVector y0a = FloatVector.fromArray(Lanes.FLOATS, y, yAt);
        FloatVector y0b = FloatVector.fromArray(Lanes.FLOATS, y, yAt + Lanes.COUNT);
        FloatVector y1a = FloatVector.fromArray(Lanes.FLOATS, y, yAt + yStep);
        FloatVector y1b = FloatVector.fromArray(Lanes.FLOATS, y, yAt + yStep + Lanes.COUNT);
        FloatVector y2a = FloatVector.fromArray(Lanes.FLOATS, y, yAt + 2 * yStep);
        FloatVector y2b = FloatVector.fromArray(Lanes.FLOATS, y, yAt + 2 * yStep + Lanes.COUNT);
        FloatVector y3a = FloatVector.fromArray(Lanes.FLOATS, y, yAt + 3 * yStep);
        FloatVector y3b = FloatVector.fromArray(Lanes.FLOATS, y, yAt + 3 * yStep + Lanes.COUNT);
        FloatVector y4a = FloatVector.fromArray(Lanes.FLOATS, y, yAt + 4 * yStep);
        FloatVector y4b = FloatVector.fromArray(Lanes.FLOATS, y, yAt + 4 * yStep + Lanes.COUNT);
        FloatVector y5a = FloatVector.fromArray(Lanes.FLOATS, y, yAt + 5 * yStep);
        FloatVector y5b = FloatVector.fromArray(Lanes.FLOATS, y, yAt + 5 * yStep + Lanes.COUNT);
        FloatVector y6a = FloatVector.fromArray(Lanes.FLOATS, y, yAt + 6 * yStep);
        FloatVector y6b = FloatVector.fromArray(Lanes.FLOATS, y, yAt + 6 * yStep + Lanes.COUNT);
        FloatVector y7a = FloatVector.fromArray(Lanes.FLOATS, y, yAt + 7 * yStep);
        FloatVector y7b = FloatVector.fromArray(Lanes.FLOATS, y, yAt + 7 * yStep + Lanes.COUNT);
        for (int i = 0; i < count; i++) {
            FloatVector a = FloatVector.fromArray(Lanes.FLOATS, w, wAt);
            FloatVector b = FloatVector.fromArray(Lanes.FLOATS, w, wAt + Lanes.COUNT);
            FloatVector value = FloatVector.broadcast(Lanes.FLOATS, x[xAt]);
            y0a = a.fma(value, y0a);
            y0b = b.fma(value, y0b);
            value = FloatVector.broadcast(Lanes.FLOATS, x[xAt + 1]);
            y1a = a.fma(value, y1a);
            y1b = b.fma(value, y1b);
            value = FloatVector.broadcast(Lanes.FLOATS, x[xAt + 2]);
            y2a = a.fma(value, y2a);
            y2b = b.fma(value, y2b);
            value = FloatVector.broadcast(Lanes.FLOATS, x[xAt + 3]);
            y3a = a.fma(value, y3a);
            y3b = b.fma(value, y3b);
            value = FloatVector.broadcast(Lanes.FLOATS, x[xAt + 4]);
            y4a = a.fma(value, y4a);
            y4b = b.fma(value, y4b);
            value = FloatVector.broadcast(Lanes.FLOATS, x[xAt + 5]);
            y5a = a.fma(value, y5a);
            y5b = b.fma(value, y5b);
            value = FloatVector.broadcast(Lanes.FLOATS, x[xAt + 6]);
            y6a = a.fma(value, y6a);
            y6b = b.fma(value, y6b);
            value = FloatVector.broadcast(Lanes.FLOATS, x[xAt + 7]);
            y7a = a.fma(value, y7a);
            y7b = b.fma(value, y7b);
            wAt += wStep;
            xAt += xStep;
        }
        y0a.intoArray(y, yAt);
        y0b.intoArray(y, yAt + Lanes.COUNT);
        y1a.intoArray(y, yAt + yStep);
        y1b.intoArray(y, yAt + yStep + Lanes.COUNT);
        y2a.intoArray(y, yAt + 2 * yStep);
        y2b.intoArray(y, yAt + 2 * yStep + Lanes.COUNT);
        y3a.intoArray(y, yAt + 3 * yStep);
        y3b.intoArray(y, yAt + 3 * yStep + Lanes.COUNT);
        y4a.intoArray(y, yAt + 4 * yStep);
        y4b.intoArray(y, yAt + 4 * yStep + Lanes.COUNT);
        y5a.intoArray(y, yAt + 5 * yStep);
        y5b.intoArray(y, yAt + 5 * yStep + Lanes.COUNT);
        y6a.intoArray(y, yAt + 6 * yStep);
        y6b.intoArray(y, yAt + 6 * yStep + Lanes.COUNT);
        y7a.intoArray(y, yAt + 7 * yStep);
        y7b.intoArray(y, yAt + 7 * yStep + Lanes.COUNT);
    }

    /**
     * {@code y[8][PANEL_ROWS] += scale[PANEL_ROWS] · Σ_i x[i][8] · code[i][PANEL_ROWS]}, over {@code count} steps; codes are signed
     * bytes, with those of another group between two steps.
     *
     * <p>One byte of {@code next} is read with each step, {@code nextStep} apart: memory that is needed soon comes while this one
     * computes.
     *
     * @return the sum of what was read of {@code next}, which would not be read if nobody used it
     */
    static int addScaledCodes(
            byte[] codes,
            int at,
            byte[] next,
            int nextAt,
            int nextStep,
            float[] x,
            int xAt,
            int count,
            float[] scales,
            int scaleAt,
            float[] y,
            int yAt) {
        int readAhead = 0;
        FloatVector y0a = FloatVector.zero(Lanes.FLOATS);
        FloatVector y0b = FloatVector.zero(Lanes.FLOATS);
        FloatVector y1a = FloatVector.zero(Lanes.FLOATS);
        FloatVector y1b = FloatVector.zero(Lanes.FLOATS);
        FloatVector y2a = FloatVector.zero(Lanes.FLOATS);
        FloatVector y2b = FloatVector.zero(Lanes.FLOATS);
        FloatVector y3a = FloatVector.zero(Lanes.FLOATS);
        FloatVector y3b = FloatVector.zero(Lanes.FLOATS);
        FloatVector y4a = FloatVector.zero(Lanes.FLOATS);
        FloatVector y4b = FloatVector.zero(Lanes.FLOATS);
        FloatVector y5a = FloatVector.zero(Lanes.FLOATS);
        FloatVector y5b = FloatVector.zero(Lanes.FLOATS);
        FloatVector y6a = FloatVector.zero(Lanes.FLOATS);
        FloatVector y6b = FloatVector.zero(Lanes.FLOATS);
        FloatVector y7a = FloatVector.zero(Lanes.FLOATS);
        FloatVector y7b = FloatVector.zero(Lanes.FLOATS);
        for (int i = 0; i < count; i++) {
            int code = at + i * 2 * Lanes.PANEL_ROWS;
            int xi = xAt + i * WIDTH;
            readAhead += next[nextAt + i * nextStep];
            FloatVector a = (FloatVector)
                    ByteVector.fromArray(Lanes.BYTES, codes, code).convertShape(VectorOperators.B2F, Lanes.FLOATS, 0);
            FloatVector b = (FloatVector) ByteVector.fromArray(Lanes.BYTES, codes, code + Lanes.COUNT)
                    .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0);
            FloatVector value = FloatVector.broadcast(Lanes.FLOATS, x[xi]);
            y0a = a.fma(value, y0a);
            y0b = b.fma(value, y0b);
            value = FloatVector.broadcast(Lanes.FLOATS, x[xi + 1]);
            y1a = a.fma(value, y1a);
            y1b = b.fma(value, y1b);
            value = FloatVector.broadcast(Lanes.FLOATS, x[xi + 2]);
            y2a = a.fma(value, y2a);
            y2b = b.fma(value, y2b);
            value = FloatVector.broadcast(Lanes.FLOATS, x[xi + 3]);
            y3a = a.fma(value, y3a);
            y3b = b.fma(value, y3b);
            value = FloatVector.broadcast(Lanes.FLOATS, x[xi + 4]);
            y4a = a.fma(value, y4a);
            y4b = b.fma(value, y4b);
            value = FloatVector.broadcast(Lanes.FLOATS, x[xi + 5]);
            y5a = a.fma(value, y5a);
            y5b = b.fma(value, y5b);
            value = FloatVector.broadcast(Lanes.FLOATS, x[xi + 6]);
            y6a = a.fma(value, y6a);
            y6b = b.fma(value, y6b);
            value = FloatVector.broadcast(Lanes.FLOATS, x[xi + 7]);
            y7a = a.fma(value, y7a);
            y7b = b.fma(value, y7b);
        }
        FloatVector scale0 = FloatVector.fromArray(Lanes.FLOATS, scales, scaleAt);
        FloatVector scale1 = FloatVector.fromArray(Lanes.FLOATS, scales, scaleAt + Lanes.COUNT);
        y0a.fma(scale0, FloatVector.fromArray(Lanes.FLOATS, y, yAt)).intoArray(y, yAt);
        y0b.fma(scale1, FloatVector.fromArray(Lanes.FLOATS, y, yAt + Lanes.COUNT))
                .intoArray(y, yAt + Lanes.COUNT);
        y1a.fma(scale0, FloatVector.fromArray(Lanes.FLOATS, y, yAt + Lanes.PANEL_ROWS))
                .intoArray(y, yAt + Lanes.PANEL_ROWS);
        y1b.fma(scale1, FloatVector.fromArray(Lanes.FLOATS, y, yAt + Lanes.PANEL_ROWS + Lanes.COUNT))
                .intoArray(y, yAt + Lanes.PANEL_ROWS + Lanes.COUNT);
        y2a.fma(scale0, FloatVector.fromArray(Lanes.FLOATS, y, yAt + 2 * Lanes.PANEL_ROWS))
                .intoArray(y, yAt + 2 * Lanes.PANEL_ROWS);
        y2b.fma(scale1, FloatVector.fromArray(Lanes.FLOATS, y, yAt + 2 * Lanes.PANEL_ROWS + Lanes.COUNT))
                .intoArray(y, yAt + 2 * Lanes.PANEL_ROWS + Lanes.COUNT);
        y3a.fma(scale0, FloatVector.fromArray(Lanes.FLOATS, y, yAt + 3 * Lanes.PANEL_ROWS))
                .intoArray(y, yAt + 3 * Lanes.PANEL_ROWS);
        y3b.fma(scale1, FloatVector.fromArray(Lanes.FLOATS, y, yAt + 3 * Lanes.PANEL_ROWS + Lanes.COUNT))
                .intoArray(y, yAt + 3 * Lanes.PANEL_ROWS + Lanes.COUNT);
        y4a.fma(scale0, FloatVector.fromArray(Lanes.FLOATS, y, yAt + 4 * Lanes.PANEL_ROWS))
                .intoArray(y, yAt + 4 * Lanes.PANEL_ROWS);
        y4b.fma(scale1, FloatVector.fromArray(Lanes.FLOATS, y, yAt + 4 * Lanes.PANEL_ROWS + Lanes.COUNT))
                .intoArray(y, yAt + 4 * Lanes.PANEL_ROWS + Lanes.COUNT);
        y5a.fma(scale0, FloatVector.fromArray(Lanes.FLOATS, y, yAt + 5 * Lanes.PANEL_ROWS))
                .intoArray(y, yAt + 5 * Lanes.PANEL_ROWS);
        y5b.fma(scale1, FloatVector.fromArray(Lanes.FLOATS, y, yAt + 5 * Lanes.PANEL_ROWS + Lanes.COUNT))
                .intoArray(y, yAt + 5 * Lanes.PANEL_ROWS + Lanes.COUNT);
        y6a.fma(scale0, FloatVector.fromArray(Lanes.FLOATS, y, yAt + 6 * Lanes.PANEL_ROWS))
                .intoArray(y, yAt + 6 * Lanes.PANEL_ROWS);
        y6b.fma(scale1, FloatVector.fromArray(Lanes.FLOATS, y, yAt + 6 * Lanes.PANEL_ROWS + Lanes.COUNT))
                .intoArray(y, yAt + 6 * Lanes.PANEL_ROWS + Lanes.COUNT);
        y7a.fma(scale0, FloatVector.fromArray(Lanes.FLOATS, y, yAt + 7 * Lanes.PANEL_ROWS))
                .intoArray(y, yAt + 7 * Lanes.PANEL_ROWS);
        y7b.fma(scale1, FloatVector.fromArray(Lanes.FLOATS, y, yAt + 7 * Lanes.PANEL_ROWS + Lanes.COUNT))
                .intoArray(y, yAt + 7 * Lanes.PANEL_ROWS + Lanes.COUNT);
        return readAhead;
    }

    /** {@code y[rows][PANEL_ROWS] += x[rows][column + i] · w[i][PANEL_ROWS]}, block by block. */
    static void addBlocks(float[] w, int wAt, int count, RowBlocks x, int firstBlock, int column, int rows, float[] y) {
        int block = firstBlock;
        for (int row = 0; row < rows; row += WIDTH) {
            addPanelProduct(
                    w,
                    wAt,
                    Lanes.PANEL_ROWS,
                    x.values(),
                    x.at(block, column),
                    WIDTH,
                    count,
                    y,
                    row * Lanes.PANEL_ROWS,
                    Lanes.PANEL_ROWS);
            block++;
        }
    }

    /**
     * {@code y[8][COUNT] += Σ_i x[i][8] · w[i][COUNT]}, as {@link #addPanelProduct} with half the rows.
     *
     * @param xLane distance of two of the eight numbers in {@code x}
     */
    static void addVectorProduct(
            float[] w,
            int wAt,
            int wStep,
            float[] x,
            int xAt,
            int xStep,
            int xLane,
            int count,
            float[] y,
            int yAt,
            int yStep) {
        FloatVector y0 = FloatVector.fromArray(Lanes.FLOATS, y, yAt);
        FloatVector y1 = FloatVector.fromArray(Lanes.FLOATS, y, yAt + yStep);
        FloatVector y2 = FloatVector.fromArray(Lanes.FLOATS, y, yAt + 2 * yStep);
        FloatVector y3 = FloatVector.fromArray(Lanes.FLOATS, y, yAt + 3 * yStep);
        FloatVector y4 = FloatVector.fromArray(Lanes.FLOATS, y, yAt + 4 * yStep);
        FloatVector y5 = FloatVector.fromArray(Lanes.FLOATS, y, yAt + 5 * yStep);
        FloatVector y6 = FloatVector.fromArray(Lanes.FLOATS, y, yAt + 6 * yStep);
        FloatVector y7 = FloatVector.fromArray(Lanes.FLOATS, y, yAt + 7 * yStep);
        for (int i = 0; i < count; i++) {
            FloatVector a = FloatVector.fromArray(Lanes.FLOATS, w, wAt);
            FloatVector value = FloatVector.broadcast(Lanes.FLOATS, x[xAt]);
            y0 = a.fma(value, y0);
            value = FloatVector.broadcast(Lanes.FLOATS, x[xAt + xLane]);
            y1 = a.fma(value, y1);
            value = FloatVector.broadcast(Lanes.FLOATS, x[xAt + 2 * xLane]);
            y2 = a.fma(value, y2);
            value = FloatVector.broadcast(Lanes.FLOATS, x[xAt + 3 * xLane]);
            y3 = a.fma(value, y3);
            value = FloatVector.broadcast(Lanes.FLOATS, x[xAt + 4 * xLane]);
            y4 = a.fma(value, y4);
            value = FloatVector.broadcast(Lanes.FLOATS, x[xAt + 5 * xLane]);
            y5 = a.fma(value, y5);
            value = FloatVector.broadcast(Lanes.FLOATS, x[xAt + 6 * xLane]);
            y6 = a.fma(value, y6);
            value = FloatVector.broadcast(Lanes.FLOATS, x[xAt + 7 * xLane]);
            y7 = a.fma(value, y7);
            wAt += wStep;
            xAt += xStep;
        }
        y0.intoArray(y, yAt);
        y1.intoArray(y, yAt + yStep);
        y2.intoArray(y, yAt + 2 * yStep);
        y3.intoArray(y, yAt + 3 * yStep);
        y4.intoArray(y, yAt + 4 * yStep);
        y5.intoArray(y, yAt + 5 * yStep);
        y6.intoArray(y, yAt + 6 * yStep);
        y7.intoArray(y, yAt + 7 * yStep);
    }
}
