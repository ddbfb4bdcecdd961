package dev.guildhall.engine.kernel;

import dev.guildhall.engine.tensor.Tensor;
import jdk.incubator.vector.FloatVector;

/** Weights that the file keeps as f32. */
final class FloatPanels implements Panels {

    private static final int ROWS = Lanes.PANEL_ROWS;

    private final int columns;
    private final float[] weights; // [panel, column, row]

    FloatPanels(Tensor tensor, Workers workers) {
        columns = tensor.columns();
        int panels = (tensor.rows() + ROWS - 1) / ROWS;
        weights = new float[VectorKernels.arrayLength(tensor, (long) panels * columns * ROWS)];
        workers.run(panels, (_, panel) -> {
            RowReader reader = new RowReader(tensor);
            float[] row = new float[columns];
            for (int r = 0; r < Math.min(ROWS, tensor.rows() - panel * ROWS); r++) {
                reader.read(panel * ROWS + r, row, 0);
                for (int column = 0; column < columns; column++) {
                    weights[(panel * columns + column) * ROWS + r] = row[column];
                }
            }
        });
    }

    @Override
    public void multiply(int panel, float[] x, int row, ColumnSums sums, float[] y, Scratch scratch) {
        int xAt = row * columns;
        FloatVector total0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector total1 = FloatVector.zero(Lanes.FLOATS);
        int at = panel * columns * ROWS;
        for (int column = xAt; column < xAt + columns; column++) {
            FloatVector value = FloatVector.broadcast(Lanes.FLOATS, x[column]);
            total0 = FloatVector.fromArray(Lanes.FLOATS, weights, at).fma(value, total0);
            total1 = FloatVector.fromArray(Lanes.FLOATS, weights, at + Lanes.COUNT)
                    .fma(value, total1);
            at += ROWS;
        }
        total0.intoArray(y, 0);
        total1.intoArray(y, Lanes.COUNT);
    }

    @Override
    public void addProduct(
            int panel, int from, int to, RowBlocks x, int firstBlock, int rows, float[] y, Scratch scratch) {
        Tiles.addBlocks(weights, (panel * columns + from) * ROWS, to - from, x, firstBlock, from, rows, y);
    }

    @Override
    public long bytes() {
        return 4L * weights.length;
    }
}
