package dev.guildhall.engine.kernel;

import dev.guildhall.engine.tensor.Tensor;
import dev.guildhall.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/** Weights that the file keeps as f16 or bf16. */
final class HalfPanels implements Panels {

    private static final int ROWS = Lanes.PANEL_ROWS;
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final int columns;
    private final boolean brain;
    private final short[] weights; // [panel, column, row] f16 or bf16

    HalfPanels(Tensor tensor, Workers workers) {
        columns = tensor.columns();
        brain = tensor.type() == TensorType.BF16;
        int panels = (tensor.rows() + ROWS - 1) / ROWS;
        weights = new short[VectorKernels.arrayLength(tensor, (long) panels * columns * ROWS)];
        workers.run(panels, (_, panel) -> {
            short[] row = new short[columns];
            for (int r = 0; r < Math.min(ROWS, tensor.rows() - panel * ROWS); r++) {
                MemorySegment.copy(tensor.data(), SHORT, (panel * ROWS + r) * tensor.rowBytes(), row, 0, columns);
                for (int column = 0; column < columns; column++) {
                    weights[(panel * columns + column) * ROWS + r] = row[column];
                }
            }
        });
    }

    @Override
    public void multiply(int panel, float[] x, int row, ColumnSums sums, float[] y, Scratch scratch) {
        int xAt = row * columns;
        int at = panel * columns * ROWS;
        if (brain) {
            multiplyBrains(weights, at, x, xAt, columns, y);
        } else {
            multiplyHalves(weights, at, x, xAt, columns, y);
        }
    }

    private static void multiplyBrains(short[] weights, int at, float[] x, int xAt, int columns, float[] y) {
        FloatVector total0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector total1 = FloatVector.zero(Lanes.FLOATS);
        for (int column = xAt; column < xAt + columns; column++) {
            FloatVector value = FloatVector.broadcast(Lanes.FLOATS, x[column]);
            total0 = Lanes.brains(weights, at).fma(value, total0);
            total1 = Lanes.brains(weights, at + Lanes.COUNT).fma(value, total1);
            at += ROWS;
        }
        total0.intoArray(y, 0);
        total1.intoArray(y, Lanes.COUNT);
    }

    private static void multiplyHalves(short[] weights, int at, float[] x, int xAt, int columns, float[] y) {
        FloatVector total0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector total1 = FloatVector.zero(Lanes.FLOATS);
        for (int column = xAt; column < xAt + columns; column++) {
            FloatVector value = FloatVector.broadcast(Lanes.FLOATS, x[column]);
            total0 = Lanes.halves(weights, at).fma(value, total0);
            total1 = Lanes.halves(weights, at + Lanes.COUNT).fma(value, total1);
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
        for (int i = 0; i < (to - from) * ROWS; i += Lanes.COUNT) {
            (brain ? Lanes.brains(weights, at + i) : Lanes.halves(weights, at + i)).intoArray(strip, i);
        }
        Tiles.addBlocks(strip, 0, to - from, x, firstBlock, from, rows, y);
    }

    @Override
    public long bytes() {
        return 2L * weights.length;
    }
}
