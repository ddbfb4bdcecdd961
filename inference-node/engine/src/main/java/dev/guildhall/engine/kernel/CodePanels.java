package dev.guildhall.engine.kernel;

import dev.guildhall.engine.tensor.Tensor;
import java.util.Arrays;
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
    public void unpack(int panel, int from, int to, float[] out, Scratch scratch) {
        scales.expand(panel, from / groupColumns, to / groupColumns, scratch);
        if (!shifted) {
            Arrays.fill(scratch.offsets(), 0);
        }
        if (nibbles) {
            int at = panel * panelBytes + from / 2 * ROWS;
            unpackNibbles(codes, at, to - from, groupColumns, scratch.scales(), scratch.offsets(), out);
        } else {
            int at = panel * panelBytes + from * ROWS;
            unpackBytes(codes, at, to - from, groupColumns, scratch.scales(), scratch.offsets(), out);
        }
    }

    /** {@code out[column, ROWS] = code[column, ROWS] · scale[group, ROWS] + offset[group, ROWS]}, two columns to a byte. */
    private static void unpackNibbles(
            byte[] codes, int at, int count, int groupColumns, float[] scales, float[] offsets, float[] out) {
        int outAt = 0;
        for (int group = 0; group < count / groupColumns; group++) {
            FloatVector scale0 = FloatVector.fromArray(Lanes.FLOATS, scales, group * ROWS);
            FloatVector scale1 = FloatVector.fromArray(Lanes.FLOATS, scales, group * ROWS + Lanes.COUNT);
            FloatVector offset0 = FloatVector.fromArray(Lanes.FLOATS, offsets, group * ROWS);
            FloatVector offset1 = FloatVector.fromArray(Lanes.FLOATS, offsets, group * ROWS + Lanes.COUNT);
            for (int column = 0; column < groupColumns; column += 4) {
                IntVector codes0 = Lanes.unsigned(codes, at);
                IntVector codes1 = Lanes.unsigned(codes, at + Lanes.COUNT);
                Lanes.floats(codes0.and(15)).fma(scale0, offset0).intoArray(out, outAt);
                Lanes.floats(codes1.and(15)).fma(scale1, offset1).intoArray(out, outAt + Lanes.COUNT);
                Lanes.floats(codes0.lanewise(VectorOperators.LSHR, 4))
                        .fma(scale0, offset0)
                        .intoArray(out, outAt + ROWS);
                Lanes.floats(codes1.lanewise(VectorOperators.LSHR, 4))
                        .fma(scale1, offset1)
                        .intoArray(out, outAt + ROWS + Lanes.COUNT);
                codes0 = Lanes.unsigned(codes, at + ROWS);
                codes1 = Lanes.unsigned(codes, at + ROWS + Lanes.COUNT);
                Lanes.floats(codes0.and(15)).fma(scale0, offset0).intoArray(out, outAt + 2 * ROWS);
                Lanes.floats(codes1.and(15)).fma(scale1, offset1).intoArray(out, outAt + 2 * ROWS + Lanes.COUNT);
                Lanes.floats(codes0.lanewise(VectorOperators.LSHR, 4))
                        .fma(scale0, offset0)
                        .intoArray(out, outAt + 3 * ROWS);
                Lanes.floats(codes1.lanewise(VectorOperators.LSHR, 4))
                        .fma(scale1, offset1)
                        .intoArray(out, outAt + 3 * ROWS + Lanes.COUNT);
                at += 2 * ROWS;
                outAt += 4 * ROWS;
            }
        }
    }

    /** {@code out[column, ROWS] = code[column, ROWS] · scale[group, ROWS] + offset[group, ROWS]}, a byte to a column. */
    private static void unpackBytes(
            byte[] codes, int at, int count, int groupColumns, float[] scales, float[] offsets, float[] out) {
        int outAt = 0;
        for (int group = 0; group < count / groupColumns; group++) {
            FloatVector scale0 = FloatVector.fromArray(Lanes.FLOATS, scales, group * ROWS);
            FloatVector scale1 = FloatVector.fromArray(Lanes.FLOATS, scales, group * ROWS + Lanes.COUNT);
            FloatVector offset0 = FloatVector.fromArray(Lanes.FLOATS, offsets, group * ROWS);
            FloatVector offset1 = FloatVector.fromArray(Lanes.FLOATS, offsets, group * ROWS + Lanes.COUNT);
            for (int column = 0; column < groupColumns; column += 4) {
                Lanes.floats(codes, at).fma(scale0, offset0).intoArray(out, outAt);
                Lanes.floats(codes, at + Lanes.COUNT).fma(scale1, offset1).intoArray(out, outAt + Lanes.COUNT);
                Lanes.floats(codes, at + ROWS).fma(scale0, offset0).intoArray(out, outAt + ROWS);
                Lanes.floats(codes, at + ROWS + Lanes.COUNT)
                        .fma(scale1, offset1)
                        .intoArray(out, outAt + ROWS + Lanes.COUNT);
                Lanes.floats(codes, at + 2 * ROWS).fma(scale0, offset0).intoArray(out, outAt + 2 * ROWS);
                Lanes.floats(codes, at + 2 * ROWS + Lanes.COUNT)
                        .fma(scale1, offset1)
                        .intoArray(out, outAt + 2 * ROWS + Lanes.COUNT);
                Lanes.floats(codes, at + 3 * ROWS).fma(scale0, offset0).intoArray(out, outAt + 3 * ROWS);
                Lanes.floats(codes, at + 3 * ROWS + Lanes.COUNT)
                        .fma(scale1, offset1)
                        .intoArray(out, outAt + 3 * ROWS + Lanes.COUNT);
                at += 4 * ROWS;
                outAt += 4 * ROWS;
            }
        }
    }

    @Override
    public long bytes() {
        return codes.length + scales.bytes();
    }
}
