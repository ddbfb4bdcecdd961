package dev.guildhall.engine.kernel;

import dev.guildhall.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/** Weights that the file keeps as floats of eight bits, with scales for squares of them. */
final class EighthPanels implements Panels {

    private static final int ROWS = Lanes.PANEL_ROWS;

    private final int columns;
    private final byte[] weights; // [panel, column, row] f8 e4m3
    private final @Nullable SquareScales scales;

    EighthPanels(Tensor tensor, Workers workers) {
        columns = tensor.columns();
        scales = tensor.scales() == null ? null : new SquareScales(tensor.scales());
        int panels = (tensor.rows() + ROWS - 1) / ROWS;
        weights = new byte[VectorKernels.arrayLength(tensor, (long) panels * columns * ROWS)];
        workers.run(panels, (_, panel) -> {
            byte[] row = new byte[columns];
            for (int r = 0; r < Math.min(ROWS, tensor.rows() - panel * ROWS); r++) {
                long at = (panel * ROWS + r) * tensor.rowBytes();
                MemorySegment.copy(tensor.data(), ValueLayout.JAVA_BYTE, at, row, 0, columns);
                for (int column = 0; column < columns; column++) {
                    weights[(panel * columns + column) * ROWS + r] = row[column];
                }
            }
        });
    }

    /** Of all rows of the panel, since squares are as high as several panels. */
    private float scale(int panel, int column) {
        return scales == null ? 1 : scales.of(panel * ROWS, column);
    }

    @Override
    public void multiply(int panel, float[] x, int row, ColumnSums sums, float[] y, Scratch scratch) {
        int xAt = row * columns;
        FloatVector.zero(Lanes.FLOATS).intoArray(y, 0);
        FloatVector.zero(Lanes.FLOATS).intoArray(y, Lanes.COUNT);
        for (int from = 0; from < columns; from += Tensor.SQUARE) {
            int count = Math.min(columns - from, Tensor.SQUARE);
            multiplyEighths(weights, (panel * columns + from) * ROWS, x, xAt + from, count, scale(panel, from), y);
        }
    }

    /** {@code y[ROWS] += Σ_column scale · weight[column, ROWS] · x[column]}, scaled one by one as {@link #addProduct} has them. */
    private static void multiplyEighths(byte[] weights, int at, float[] x, int xAt, int count, float scale, float[] y) {
        FloatVector total0 = FloatVector.fromArray(Lanes.FLOATS, y, 0);
        FloatVector total1 = FloatVector.fromArray(Lanes.FLOATS, y, Lanes.COUNT);
        for (int column = xAt; column < xAt + count; column++) {
            FloatVector value = FloatVector.broadcast(Lanes.FLOATS, x[column]);
            total0 = Lanes.eighths(weights, at).mul(scale).fma(value, total0);
            total1 = Lanes.eighths(weights, at + Lanes.COUNT).mul(scale).fma(value, total1);
            at += ROWS;
        }
        total0.intoArray(y, 0);
        total1.intoArray(y, Lanes.COUNT);
    }

    @Override
    public void addProduct(
            int panel, int from, int to, RowBlocks x, int firstBlock, int rows, float[] y, Scratch scratch) {
        int at = (panel * columns + from) * ROWS;
        float[] strip = scratch.strip();
        for (int column = from; column < to; column++) {
            float scale = scale(panel, column);
            for (int i = (column - from) * ROWS; i < (column - from + 1) * ROWS; i += Lanes.COUNT) {
                Lanes.eighths(weights, at + i).mul(scale).intoArray(strip, i);
            }
        }
        Tiles.addBlocks(strip, 0, to - from, x, firstBlock, from, rows, y);
    }

    @Override
    public long bytes() {
        return weights.length;
    }
}
