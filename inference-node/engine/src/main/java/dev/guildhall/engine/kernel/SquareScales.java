package dev.guildhall.engine.kernel;

import dev.guildhall.engine.tensor.Tensor;

/** Scales of a matrix: one for each square of {@link Tensor#SQUARE} rows and columns, or one for all. */
final class SquareScales {

    private final int perRow;
    private final float[] values; // [row / SQUARE, column / SQUARE]

    SquareScales(Tensor scales) {
        perRow = scales.columns();
        values = new float[Math.toIntExact(scales.elements())];
        RowReader reader = new RowReader(scales);
        for (int row = 0; row < scales.rows(); row++) {
            reader.read(row, values, row * perRow);
        }
    }

    float of(int row, int column) {
        return values.length == 1 ? values[0] : values[row / Tensor.SQUARE * perRow + column / Tensor.SQUARE];
    }
}
