package dev.guildhall.engine.kernel;

import dev.guildhall.engine.tensor.Tensor;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Quantized weights: integer codes with {@link GroupScales}. Four-bit codes lie two columns to a byte, the even column in
 * the low nibble; all others take a byte.
 */
final class CodePanels implements Panels {

    private static final int ROWS = Lanes.PANEL_ROWS;

    private final int columns;
    private final int groupColumns;
    private final boolean nibbles;
    private final boolean shifted;
    private final int panelBytes;
    private final byte[] codes; // nibbles: [panel, column/2, row], else [panel, column, row]
    private final GroupScales scales;

    CodePanels(BlockFormat format, Tensor tensor, Workers workers) {
        columns = tensor.columns();
        groupColumns = format.groupColumns();
        nibbles = format.codeBits() == 4;
        shifted = format.shifted();
        panelBytes = columns * ROWS / (nibbles ? 2 : 1);
        int panels = (tensor.rows() + ROWS - 1) / ROWS;
        codes = new byte[VectorKernels.arrayLength(tensor, (long) panels * panelBytes)];
        scales = new GroupScales(format, panels, columns);
        RowCodes[] rows = new RowCodes[workers.count()];
        for (int worker = 0; worker < rows.length; worker++) {
            rows[worker] = new RowCodes(format, columns, ByteLanes.COUNT);
        }
        workers.run(panels, (worker, panel) -> {
            for (int row = 0; row < ROWS; row += ByteLanes.COUNT) {
                int left = tensor.rows() - panel * ROWS - row;
                if (left > 0) {
                    rows[worker].read(tensor, panel * ROWS + row, Math.min(left, ByteLanes.COUNT));
                    put(panel, row, rows[worker]);
                }
            }
        });
    }

    private void put(int panel, int rowOfPanel, RowCodes rows) {
        scales.put(panel, rowOfPanel, rows);
        int width = columns;
        if (nibbles) {
            ByteLanes.packNibbles(rows.codes, rows.codes.length);
            width = columns / 2;
        }
        ByteLanes.transpose(rows.codes, width, codes, panel * panelBytes + rowOfPanel, ROWS);
    }

    @Override
    public void multiply(int panel, float[] x, int xAt, float[] groupSums, int sumsAt, float[] y, Scratch scratch) {
        FloatVector.zero(Lanes.FLOATS).intoArray(y, 0);
        FloatVector.zero(Lanes.FLOATS).intoArray(y, Lanes.COUNT);
        for (int from = 0; from < columns; from += STRIP_COLUMNS) {
            int to = Math.min(columns, from + STRIP_COLUMNS);
            scales.expand(panel, from / groupColumns, to / groupColumns, scratch);
            if (nibbles) {
                int at = panel * panelBytes + from / 2 * ROWS;
                multiplyNibbles(codes, at, x, xAt + from, to - from, groupColumns, scratch.scales(), y);
            } else {
                int at = panel * panelBytes + from * ROWS;
                multiplyBytes(codes, at, x, xAt + from, to - from, groupColumns, scratch.scales(), y);
            }
            if (shifted) {
                addOffsets(groupSums, sumsAt + from / groupColumns, (to - from) / groupColumns, scratch.offsets(), y);
            }
        }
    }

    /** {@code y[ROWS] += Σ_group scale[group, ROWS] · Σ_column code[column, ROWS] · x[column]}, two columns to a byte. */
    private static void multiplyNibbles(
            byte[] codes, int at, float[] x, int xAt, int count, int groupColumns, float[] scales, float[] y) {
        FloatVector total0 = FloatVector.fromArray(Lanes.FLOATS, y, 0);
        FloatVector total1 = FloatVector.fromArray(Lanes.FLOATS, y, Lanes.COUNT);
        int scaleAt = 0;
        for (int group = xAt; group < xAt + count; group += groupColumns) {
            FloatVector even0 = FloatVector.zero(Lanes.FLOATS);
            FloatVector even1 = FloatVector.zero(Lanes.FLOATS);
            FloatVector odd0 = FloatVector.zero(Lanes.FLOATS);
            FloatVector odd1 = FloatVector.zero(Lanes.FLOATS);
            for (int column = group; column < group + groupColumns; column += 4) {
                IntVector codes0 = Lanes.unsigned(codes, at);
                IntVector codes1 = Lanes.unsigned(codes, at + Lanes.COUNT);
                FloatVector xEven = FloatVector.broadcast(Lanes.FLOATS, x[column]);
                FloatVector xOdd = FloatVector.broadcast(Lanes.FLOATS, x[column + 1]);
                even0 = Lanes.floats(codes0.and(15)).fma(xEven, even0);
                even1 = Lanes.floats(codes1.and(15)).fma(xEven, even1);
                odd0 = Lanes.floats(codes0.lanewise(VectorOperators.LSHR, 4)).fma(xOdd, odd0);
                odd1 = Lanes.floats(codes1.lanewise(VectorOperators.LSHR, 4)).fma(xOdd, odd1);
                codes0 = Lanes.unsigned(codes, at + ROWS);
                codes1 = Lanes.unsigned(codes, at + ROWS + Lanes.COUNT);
                xEven = FloatVector.broadcast(Lanes.FLOATS, x[column + 2]);
                xOdd = FloatVector.broadcast(Lanes.FLOATS, x[column + 3]);
                even0 = Lanes.floats(codes0.and(15)).fma(xEven, even0);
                even1 = Lanes.floats(codes1.and(15)).fma(xEven, even1);
                odd0 = Lanes.floats(codes0.lanewise(VectorOperators.LSHR, 4)).fma(xOdd, odd0);
                odd1 = Lanes.floats(codes1.lanewise(VectorOperators.LSHR, 4)).fma(xOdd, odd1);
                at += 2 * ROWS;
            }
            total0 = even0.add(odd0).fma(FloatVector.fromArray(Lanes.FLOATS, scales, scaleAt), total0);
            total1 = even1.add(odd1).fma(FloatVector.fromArray(Lanes.FLOATS, scales, scaleAt + Lanes.COUNT), total1);
            scaleAt += ROWS;
        }
        total0.intoArray(y, 0);
        total1.intoArray(y, Lanes.COUNT);
    }

    /** {@code y[ROWS] += Σ_group scale[group, ROWS] · Σ_column code[column, ROWS] · x[column]}, a byte to a column. */
    private static void multiplyBytes(
            byte[] codes, int at, float[] x, int xAt, int count, int groupColumns, float[] scales, float[] y) {
        FloatVector total0 = FloatVector.fromArray(Lanes.FLOATS, y, 0);
        FloatVector total1 = FloatVector.fromArray(Lanes.FLOATS, y, Lanes.COUNT);
        int scaleAt = 0;
        for (int group = xAt; group < xAt + count; group += groupColumns) {
            FloatVector even0 = FloatVector.zero(Lanes.FLOATS);
            FloatVector even1 = FloatVector.zero(Lanes.FLOATS);
            FloatVector odd0 = FloatVector.zero(Lanes.FLOATS);
            FloatVector odd1 = FloatVector.zero(Lanes.FLOATS);
            for (int column = group; column < group + groupColumns; column += 4) {
                FloatVector xEven = FloatVector.broadcast(Lanes.FLOATS, x[column]);
                FloatVector xOdd = FloatVector.broadcast(Lanes.FLOATS, x[column + 1]);
                even0 = Lanes.floats(codes, at).fma(xEven, even0);
                even1 = Lanes.floats(codes, at + Lanes.COUNT).fma(xEven, even1);
                odd0 = Lanes.floats(codes, at + ROWS).fma(xOdd, odd0);
                odd1 = Lanes.floats(codes, at + ROWS + Lanes.COUNT).fma(xOdd, odd1);
                xEven = FloatVector.broadcast(Lanes.FLOATS, x[column + 2]);
                xOdd = FloatVector.broadcast(Lanes.FLOATS, x[column + 3]);
                even0 = Lanes.floats(codes, at + 2 * ROWS).fma(xEven, even0);
                even1 = Lanes.floats(codes, at + 2 * ROWS + Lanes.COUNT).fma(xEven, even1);
                odd0 = Lanes.floats(codes, at + 3 * ROWS).fma(xOdd, odd0);
                odd1 = Lanes.floats(codes, at + 3 * ROWS + Lanes.COUNT).fma(xOdd, odd1);
                at += 4 * ROWS;
            }
            total0 = even0.add(odd0).fma(FloatVector.fromArray(Lanes.FLOATS, scales, scaleAt), total0);
            total1 = even1.add(odd1).fma(FloatVector.fromArray(Lanes.FLOATS, scales, scaleAt + Lanes.COUNT), total1);
            scaleAt += ROWS;
        }
        total0.intoArray(y, 0);
        total1.intoArray(y, Lanes.COUNT);
    }

    /** {@code y[ROWS] += Σ_group offset[group, ROWS] · groupSum[group]}. */
    private static void addOffsets(float[] groupSums, int sumsAt, int groups, float[] offsets, float[] y) {
        FloatVector total0 = FloatVector.fromArray(Lanes.FLOATS, y, 0);
        FloatVector total1 = FloatVector.fromArray(Lanes.FLOATS, y, Lanes.COUNT);
        for (int group = 0; group < groups; group++) {
            FloatVector sum = FloatVector.broadcast(Lanes.FLOATS, groupSums[sumsAt + group]);
            total0 = FloatVector.fromArray(Lanes.FLOATS, offsets, group * ROWS).fma(sum, total0);
            total1 = FloatVector.fromArray(Lanes.FLOATS, offsets, group * ROWS + Lanes.COUNT)
                    .fma(sum, total1);
        }
        total0.intoArray(y, 0);
        total1.intoArray(y, Lanes.COUNT);
    }

    @Override
    public void addProduct(
            int panel, int from, int to, RowBlocks x, int firstBlock, int rows, float[] y, Scratch scratch) {
        scales.expand(panel, from / groupColumns, to / groupColumns, scratch);
        float[] own = scratch.scales();
        int at = panel * panelBytes + from * ROWS / (nibbles ? 2 : 1);
        for (int row = 0; row < rows; row += 4) {
            int xAt = x.at(firstBlock + row / RowBlocks.WIDTH, from) + row % RowBlocks.WIDTH;
            if (nibbles) {
                multiplyNibblesByFour(codes, at, x.values(), xAt, to - from, groupColumns, own, y, row * ROWS);
            } else {
                multiplyBytesByFour(codes, at, x.values(), xAt, to - from, groupColumns, own, y, row * ROWS);
            }
        }
        if (shifted) {
            int groups = (to - from) / groupColumns;
            for (int row = 0; row < rows; row += RowBlocks.WIDTH) {
                int sumsAt = x.sumsAt(firstBlock + row / RowBlocks.WIDTH, from);
                Tiles.addPanelProduct(
                        scratch.offsets(), 0, ROWS, x.groupSums(), sumsAt, Tiles.WIDTH, groups, y, row * ROWS, ROWS);
            }
        }
    }

    /**
     * {@code y[4][ROWS] += Σ_group scale[group, ROWS] · Σ_column code[column, ROWS] · x[column][4]}, two columns to a byte. Adds up
     * as {@link #multiplyNibbles} does.
     */
    private static void multiplyNibblesByFour(
            byte[] codes, int at, float[] x, int xAt, int count, int groupColumns, float[] scales, float[] y, int yAt) {
        int scaleAt = 0;
        for (int group = 0; group < count; group += groupColumns) {
            FloatVector even00 = FloatVector.zero(Lanes.FLOATS);
            FloatVector even01 = FloatVector.zero(Lanes.FLOATS);
            FloatVector even10 = FloatVector.zero(Lanes.FLOATS);
            FloatVector even11 = FloatVector.zero(Lanes.FLOATS);
            FloatVector even20 = FloatVector.zero(Lanes.FLOATS);
            FloatVector even21 = FloatVector.zero(Lanes.FLOATS);
            FloatVector even30 = FloatVector.zero(Lanes.FLOATS);
            FloatVector even31 = FloatVector.zero(Lanes.FLOATS);
            FloatVector odd00 = FloatVector.zero(Lanes.FLOATS);
            FloatVector odd01 = FloatVector.zero(Lanes.FLOATS);
            FloatVector odd10 = FloatVector.zero(Lanes.FLOATS);
            FloatVector odd11 = FloatVector.zero(Lanes.FLOATS);
            FloatVector odd20 = FloatVector.zero(Lanes.FLOATS);
            FloatVector odd21 = FloatVector.zero(Lanes.FLOATS);
            FloatVector odd30 = FloatVector.zero(Lanes.FLOATS);
            FloatVector odd31 = FloatVector.zero(Lanes.FLOATS);
            for (int column = group; column < group + groupColumns; column += 2) {
                int xColumn = xAt + column * Tiles.WIDTH;
                int code = at + column / 2 * ROWS;
                IntVector codes0 = Lanes.unsigned(codes, code);
                IntVector codes1 = Lanes.unsigned(codes, code + Lanes.COUNT);
                FloatVector weight0 = Lanes.floats(codes0.and(15));
                FloatVector weight1 = Lanes.floats(codes1.and(15));
                FloatVector value = FloatVector.broadcast(Lanes.FLOATS, x[xColumn]);
                even00 = weight0.fma(value, even00);
                even01 = weight1.fma(value, even01);
                value = FloatVector.broadcast(Lanes.FLOATS, x[xColumn + 1]);
                even10 = weight0.fma(value, even10);
                even11 = weight1.fma(value, even11);
                value = FloatVector.broadcast(Lanes.FLOATS, x[xColumn + 2]);
                even20 = weight0.fma(value, even20);
                even21 = weight1.fma(value, even21);
                value = FloatVector.broadcast(Lanes.FLOATS, x[xColumn + 3]);
                even30 = weight0.fma(value, even30);
                even31 = weight1.fma(value, even31);
                weight0 = Lanes.floats(codes0.lanewise(VectorOperators.LSHR, 4));
                weight1 = Lanes.floats(codes1.lanewise(VectorOperators.LSHR, 4));
                value = FloatVector.broadcast(Lanes.FLOATS, x[xColumn + 8]);
                odd00 = weight0.fma(value, odd00);
                odd01 = weight1.fma(value, odd01);
                value = FloatVector.broadcast(Lanes.FLOATS, x[xColumn + 9]);
                odd10 = weight0.fma(value, odd10);
                odd11 = weight1.fma(value, odd11);
                value = FloatVector.broadcast(Lanes.FLOATS, x[xColumn + 10]);
                odd20 = weight0.fma(value, odd20);
                odd21 = weight1.fma(value, odd21);
                value = FloatVector.broadcast(Lanes.FLOATS, x[xColumn + 11]);
                odd30 = weight0.fma(value, odd30);
                odd31 = weight1.fma(value, odd31);
            }
            FloatVector scale0 = FloatVector.fromArray(Lanes.FLOATS, scales, scaleAt);
            FloatVector scale1 = FloatVector.fromArray(Lanes.FLOATS, scales, scaleAt + Lanes.COUNT);
            even00.add(odd00)
                    .fma(scale0, FloatVector.fromArray(Lanes.FLOATS, y, yAt))
                    .intoArray(y, yAt);
            even01.add(odd01)
                    .fma(scale1, FloatVector.fromArray(Lanes.FLOATS, y, yAt + Lanes.COUNT))
                    .intoArray(y, yAt + Lanes.COUNT);
            even10.add(odd10)
                    .fma(scale0, FloatVector.fromArray(Lanes.FLOATS, y, yAt + ROWS))
                    .intoArray(y, yAt + ROWS);
            even11.add(odd11)
                    .fma(scale1, FloatVector.fromArray(Lanes.FLOATS, y, yAt + ROWS + Lanes.COUNT))
                    .intoArray(y, yAt + ROWS + Lanes.COUNT);
            even20.add(odd20)
                    .fma(scale0, FloatVector.fromArray(Lanes.FLOATS, y, yAt + 2 * ROWS))
                    .intoArray(y, yAt + 2 * ROWS);
            even21.add(odd21)
                    .fma(scale1, FloatVector.fromArray(Lanes.FLOATS, y, yAt + 2 * ROWS + Lanes.COUNT))
                    .intoArray(y, yAt + 2 * ROWS + Lanes.COUNT);
            even30.add(odd30)
                    .fma(scale0, FloatVector.fromArray(Lanes.FLOATS, y, yAt + 3 * ROWS))
                    .intoArray(y, yAt + 3 * ROWS);
            even31.add(odd31)
                    .fma(scale1, FloatVector.fromArray(Lanes.FLOATS, y, yAt + 3 * ROWS + Lanes.COUNT))
                    .intoArray(y, yAt + 3 * ROWS + Lanes.COUNT);
            scaleAt += ROWS;
        }
    }

    /**
     * {@code y[4][ROWS] += Σ_group scale[group, ROWS] · Σ_column code[column, ROWS] · x[column][4]}, a byte to a column. Adds up as
     * {@link #multiplyBytes} does.
     */
    private static void multiplyBytesByFour(
            byte[] codes, int at, float[] x, int xAt, int count, int groupColumns, float[] scales, float[] y, int yAt) {
        int scaleAt = 0;
        for (int group = 0; group < count; group += groupColumns) {
            FloatVector even00 = FloatVector.zero(Lanes.FLOATS);
            FloatVector even01 = FloatVector.zero(Lanes.FLOATS);
            FloatVector even10 = FloatVector.zero(Lanes.FLOATS);
            FloatVector even11 = FloatVector.zero(Lanes.FLOATS);
            FloatVector even20 = FloatVector.zero(Lanes.FLOATS);
            FloatVector even21 = FloatVector.zero(Lanes.FLOATS);
            FloatVector even30 = FloatVector.zero(Lanes.FLOATS);
            FloatVector even31 = FloatVector.zero(Lanes.FLOATS);
            FloatVector odd00 = FloatVector.zero(Lanes.FLOATS);
            FloatVector odd01 = FloatVector.zero(Lanes.FLOATS);
            FloatVector odd10 = FloatVector.zero(Lanes.FLOATS);
            FloatVector odd11 = FloatVector.zero(Lanes.FLOATS);
            FloatVector odd20 = FloatVector.zero(Lanes.FLOATS);
            FloatVector odd21 = FloatVector.zero(Lanes.FLOATS);
            FloatVector odd30 = FloatVector.zero(Lanes.FLOATS);
            FloatVector odd31 = FloatVector.zero(Lanes.FLOATS);
            for (int column = group; column < group + groupColumns; column += 2) {
                int xColumn = xAt + column * Tiles.WIDTH;
                int code = at + column * ROWS;
                FloatVector weight0 = Lanes.floats(codes, code);
                FloatVector weight1 = Lanes.floats(codes, code + Lanes.COUNT);
                FloatVector value = FloatVector.broadcast(Lanes.FLOATS, x[xColumn]);
                even00 = weight0.fma(value, even00);
                even01 = weight1.fma(value, even01);
                value = FloatVector.broadcast(Lanes.FLOATS, x[xColumn + 1]);
                even10 = weight0.fma(value, even10);
                even11 = weight1.fma(value, even11);
                value = FloatVector.broadcast(Lanes.FLOATS, x[xColumn + 2]);
                even20 = weight0.fma(value, even20);
                even21 = weight1.fma(value, even21);
                value = FloatVector.broadcast(Lanes.FLOATS, x[xColumn + 3]);
                even30 = weight0.fma(value, even30);
                even31 = weight1.fma(value, even31);
                weight0 = Lanes.floats(codes, code + ROWS);
                weight1 = Lanes.floats(codes, code + ROWS + Lanes.COUNT);
                value = FloatVector.broadcast(Lanes.FLOATS, x[xColumn + 8]);
                odd00 = weight0.fma(value, odd00);
                odd01 = weight1.fma(value, odd01);
                value = FloatVector.broadcast(Lanes.FLOATS, x[xColumn + 9]);
                odd10 = weight0.fma(value, odd10);
                odd11 = weight1.fma(value, odd11);
                value = FloatVector.broadcast(Lanes.FLOATS, x[xColumn + 10]);
                odd20 = weight0.fma(value, odd20);
                odd21 = weight1.fma(value, odd21);
                value = FloatVector.broadcast(Lanes.FLOATS, x[xColumn + 11]);
                odd30 = weight0.fma(value, odd30);
                odd31 = weight1.fma(value, odd31);
            }
            FloatVector scale0 = FloatVector.fromArray(Lanes.FLOATS, scales, scaleAt);
            FloatVector scale1 = FloatVector.fromArray(Lanes.FLOATS, scales, scaleAt + Lanes.COUNT);
            even00.add(odd00)
                    .fma(scale0, FloatVector.fromArray(Lanes.FLOATS, y, yAt))
                    .intoArray(y, yAt);
            even01.add(odd01)
                    .fma(scale1, FloatVector.fromArray(Lanes.FLOATS, y, yAt + Lanes.COUNT))
                    .intoArray(y, yAt + Lanes.COUNT);
            even10.add(odd10)
                    .fma(scale0, FloatVector.fromArray(Lanes.FLOATS, y, yAt + ROWS))
                    .intoArray(y, yAt + ROWS);
            even11.add(odd11)
                    .fma(scale1, FloatVector.fromArray(Lanes.FLOATS, y, yAt + ROWS + Lanes.COUNT))
                    .intoArray(y, yAt + ROWS + Lanes.COUNT);
            even20.add(odd20)
                    .fma(scale0, FloatVector.fromArray(Lanes.FLOATS, y, yAt + 2 * ROWS))
                    .intoArray(y, yAt + 2 * ROWS);
            even21.add(odd21)
                    .fma(scale1, FloatVector.fromArray(Lanes.FLOATS, y, yAt + 2 * ROWS + Lanes.COUNT))
                    .intoArray(y, yAt + 2 * ROWS + Lanes.COUNT);
            even30.add(odd30)
                    .fma(scale0, FloatVector.fromArray(Lanes.FLOATS, y, yAt + 3 * ROWS))
                    .intoArray(y, yAt + 3 * ROWS);
            even31.add(odd31)
                    .fma(scale1, FloatVector.fromArray(Lanes.FLOATS, y, yAt + 3 * ROWS + Lanes.COUNT))
                    .intoArray(y, yAt + 3 * ROWS + Lanes.COUNT);
            scaleAt += ROWS;
        }
    }

    @Override
    public long bytes() {
        return codes.length + scales.bytes();
    }
}
