package dev.guildhall.engine.kernel;

import dev.guildhall.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
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
    public void multiply(int panel, float[] x, int xAt, float[] groupSums, int sumsAt, float[] y, Scratch scratch) {
        FloatVector.zero(Lanes.FLOATS).intoArray(y, 0);
        FloatVector.zero(Lanes.FLOATS).intoArray(y, Lanes.COUNT);
        for (int from = 0; from < columns; from += Tensor.SQUARE) {
            int count = Math.min(columns - from, Tensor.SQUARE);
            multiplyEighths(weights, (panel * columns + from) * ROWS, x, xAt + from, count, scale(panel, from), y);
        }
    }

    /** {@code y[ROWS] += scale · Σ_column weight[column, ROWS] · x[column]}. */
    private static void multiplyEighths(byte[] weights, int at, float[] x, int xAt, int count, float scale, float[] y) {
        FloatVector total0 = FloatVector.zero(Lanes.FLOATS);
        FloatVector total1 = FloatVector.zero(Lanes.FLOATS);
        for (int column = xAt; column < xAt + count; column++) {
            FloatVector value = FloatVector.broadcast(Lanes.FLOATS, x[column]);
            total0 = Lanes.eighths(weights, at).fma(value, total0);
            total1 = Lanes.eighths(weights, at + Lanes.COUNT).fma(value, total1);
            at += ROWS;
        }
        FloatVector factor = FloatVector.broadcast(Lanes.FLOATS, scale);
        total0.fma(factor, FloatVector.fromArray(Lanes.FLOATS, y, 0)).intoArray(y, 0);
        total1.fma(factor, FloatVector.fromArray(Lanes.FLOATS, y, Lanes.COUNT)).intoArray(y, Lanes.COUNT);
    }

    @Override
    public void addProduct(
            int panel, int from, int to, RowBlocks x, int firstBlock, int rows, float[] y, Scratch scratch) {
        for (int part = from; part < to; part += Tensor.SQUARE) {
            int count = Math.min(to - part, Tensor.SQUARE);
            unpack((panel * columns + part) * ROWS, count, scratch.strip());
            Arrays.fill(scratch.scales(), 0, ROWS, scale(panel, part));
            for (int row = 0; row < rows; row += Tiles.WIDTH) {
                int xAt = x.at(firstBlock + row / Tiles.WIDTH, part);
                float[] sums = scratch.sums();
                Arrays.fill(sums, 0, Tiles.SIZE, 0);
                Tiles.addPanelProduct(
                        scratch.strip(), 0, ROWS, x.values(), xAt, Tiles.WIDTH, count, sums, 0, ROWS);
                Tiles.addScaled(sums, 1, scratch.scales(), y, row * ROWS);
            }
        }
    }

    private void unpack(int at, int count, float[] out) {
        for (int i = 0; i < count * ROWS; i += Lanes.COUNT) {
            Lanes.eighths(weights, at + i).intoArray(out, i);
        }
    }

    @Override
    public long bytes() {
        return weights.length;
    }
}
