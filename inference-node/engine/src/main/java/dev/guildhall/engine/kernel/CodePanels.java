package dev.guildhall.engine.kernel;

import dev.guildhall.engine.tensor.Tensor;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Quantized weights: integer codes with {@link GroupScales}. Groups lie in pairs, column beside column: four-bit codes share
 * bytes, the first group in the low nibbles; all others take a byte. A last group without a partner has zeros beside it.
 *
 * <p>However many rows of the input there are, a group's products are added up column by column from zero, then scaled and added
 * to the result.
 */
final class CodePanels implements Panels {

    private static final int ROWS = Lanes.PANEL_ROWS;

    private final int columns;
    private final int groupColumns;
    private final boolean nibbles;
    private final boolean shifted;
    private final int panelBytes;
    private final byte[]
            codes; // [panel, group / 2, column of group, 2, row]; nibbles: [panel, group / 2, column of group, row]
    private final GroupScales scales;

    CodePanels(BlockFormat format, Tensor tensor, Workers workers) {
        columns = tensor.columns();
        groupColumns = format.groupColumns();
        nibbles = format.codeBits() == 4;
        shifted = format.shifted();
        int pairs = (columns / groupColumns + 1) / 2;
        panelBytes = pairs * groupColumns * (nibbles ? 1 : 2) * ROWS;
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
        int at = panel * panelBytes + rowOfPanel;
        if (nibbles) {
            ByteLanes.packNibbles(rows.codes, columns, groupColumns);
            ByteLanes.transpose(rows.codes, panelBytes / ROWS, codes, at, ROWS);
        } else {
            for (int group = 0; group < columns / groupColumns; group++) {
                int from = group * groupColumns;
                int pairAt = at + group / 2 * 2 * groupColumns * ROWS + group % 2 * ROWS;
                ByteLanes.transpose(rows.codes, columns, from, from + groupColumns, codes, pairAt, 2 * ROWS);
            }
        }
    }

    @Override
    public void multiply(int panel, float[] x, int xAt, float[] groupSums, int sumsAt, float[] y, Scratch scratch) {
        FloatVector.zero(Lanes.FLOATS).intoArray(y, 0);
        FloatVector.zero(Lanes.FLOATS).intoArray(y, Lanes.COUNT);
        for (int from = 0; from < columns; from += STRIP_COLUMNS) {
            int to = Math.min(columns, from + STRIP_COLUMNS);
            scales.expand(panel, from / groupColumns, to / groupColumns, scratch);
            int at = panel * panelBytes + from * ROWS / (nibbles ? 2 : 1);
            int paired = (to - from) / (2 * groupColumns) * (2 * groupColumns);
            if (nibbles) {
                multiplyNibbles(codes, at, x, xAt + from, paired, groupColumns, scratch.scales(), y);
            } else {
                multiplyBytes(codes, at, x, xAt + from, paired, groupColumns, scratch.scales(), y);
            }
            if (from + paired < to) {
                int scaleAt = paired / groupColumns * ROWS;
                at += paired * ROWS / (nibbles ? 2 : 1);
                int step = nibbles ? ROWS : 2 * ROWS;
                multiplyGroup(codes, at, step, x, xAt + from + paired, groupColumns, scratch.scales(), scaleAt, y);
            }
            if (shifted) {
                addOffsets(groupSums, sumsAt + from / groupColumns, (to - from) / groupColumns, scratch.offsets(), y);
            }
        }
    }

    /** {@code y[ROWS] += Σ_group scale[group, ROWS] · Σ_column code[column, ROWS] · x[column]}, two groups to a byte; pairs of groups. */
    private static void multiplyNibbles(
            byte[] codes, int at, float[] x, int xAt, int count, int groupColumns, float[] scales, float[] y) {
        FloatVector total0 = FloatVector.fromArray(Lanes.FLOATS, y, 0);
        FloatVector total1 = FloatVector.fromArray(Lanes.FLOATS, y, Lanes.COUNT);
        int scaleAt = 0;
        for (int group = xAt; group < xAt + count; group += 2 * groupColumns) {
            FloatVector low0 = FloatVector.zero(Lanes.FLOATS);
            FloatVector low1 = FloatVector.zero(Lanes.FLOATS);
            FloatVector high0 = FloatVector.zero(Lanes.FLOATS);
            FloatVector high1 = FloatVector.zero(Lanes.FLOATS);
            for (int column = group; column < group + groupColumns; column += 2) {
                IntVector codes0 = Lanes.unsigned(codes, at);
                IntVector codes1 = Lanes.unsigned(codes, at + Lanes.COUNT);
                FloatVector xLow = FloatVector.broadcast(Lanes.FLOATS, x[column]);
                FloatVector xHigh = FloatVector.broadcast(Lanes.FLOATS, x[column + groupColumns]);
                low0 = Lanes.floats(codes0.and(15)).fma(xLow, low0);
                low1 = Lanes.floats(codes1.and(15)).fma(xLow, low1);
                high0 = Lanes.floats(codes0.lanewise(VectorOperators.LSHR, 4)).fma(xHigh, high0);
                high1 = Lanes.floats(codes1.lanewise(VectorOperators.LSHR, 4)).fma(xHigh, high1);
                codes0 = Lanes.unsigned(codes, at + ROWS);
                codes1 = Lanes.unsigned(codes, at + ROWS + Lanes.COUNT);
                xLow = FloatVector.broadcast(Lanes.FLOATS, x[column + 1]);
                xHigh = FloatVector.broadcast(Lanes.FLOATS, x[column + groupColumns + 1]);
                low0 = Lanes.floats(codes0.and(15)).fma(xLow, low0);
                low1 = Lanes.floats(codes1.and(15)).fma(xLow, low1);
                high0 = Lanes.floats(codes0.lanewise(VectorOperators.LSHR, 4)).fma(xHigh, high0);
                high1 = Lanes.floats(codes1.lanewise(VectorOperators.LSHR, 4)).fma(xHigh, high1);
                at += 2 * ROWS;
            }
            total0 = low0.fma(FloatVector.fromArray(Lanes.FLOATS, scales, scaleAt), total0);
            total1 = low1.fma(FloatVector.fromArray(Lanes.FLOATS, scales, scaleAt + Lanes.COUNT), total1);
            scaleAt += ROWS;
            total0 = high0.fma(FloatVector.fromArray(Lanes.FLOATS, scales, scaleAt), total0);
            total1 = high1.fma(FloatVector.fromArray(Lanes.FLOATS, scales, scaleAt + Lanes.COUNT), total1);
            scaleAt += ROWS;
        }
        total0.intoArray(y, 0);
        total1.intoArray(y, Lanes.COUNT);
    }

    /** {@code y[ROWS] += Σ_group scale[group, ROWS] · Σ_column code[column, ROWS] · x[column]}, a byte to a column; pairs of groups. */
    private static void multiplyBytes(
            byte[] codes, int at, float[] x, int xAt, int count, int groupColumns, float[] scales, float[] y) {
        FloatVector total0 = FloatVector.fromArray(Lanes.FLOATS, y, 0);
        FloatVector total1 = FloatVector.fromArray(Lanes.FLOATS, y, Lanes.COUNT);
        int scaleAt = 0;
        for (int group = xAt; group < xAt + count; group += 2 * groupColumns) {
            FloatVector first0 = FloatVector.zero(Lanes.FLOATS);
            FloatVector first1 = FloatVector.zero(Lanes.FLOATS);
            FloatVector second0 = FloatVector.zero(Lanes.FLOATS);
            FloatVector second1 = FloatVector.zero(Lanes.FLOATS);
            for (int column = group; column < group + groupColumns; column += 2) {
                FloatVector xFirst = FloatVector.broadcast(Lanes.FLOATS, x[column]);
                FloatVector xSecond = FloatVector.broadcast(Lanes.FLOATS, x[column + groupColumns]);
                first0 = Lanes.floats(codes, at).fma(xFirst, first0);
                first1 = Lanes.floats(codes, at + Lanes.COUNT).fma(xFirst, first1);
                second0 = Lanes.floats(codes, at + ROWS).fma(xSecond, second0);
                second1 = Lanes.floats(codes, at + ROWS + Lanes.COUNT).fma(xSecond, second1);
                xFirst = FloatVector.broadcast(Lanes.FLOATS, x[column + 1]);
                xSecond = FloatVector.broadcast(Lanes.FLOATS, x[column + groupColumns + 1]);
                first0 = Lanes.floats(codes, at + 2 * ROWS).fma(xFirst, first0);
                first1 = Lanes.floats(codes, at + 2 * ROWS + Lanes.COUNT).fma(xFirst, first1);
                second0 = Lanes.floats(codes, at + 3 * ROWS).fma(xSecond, second0);
                second1 = Lanes.floats(codes, at + 3 * ROWS + Lanes.COUNT).fma(xSecond, second1);
                at += 4 * ROWS;
            }
            total0 = first0.fma(FloatVector.fromArray(Lanes.FLOATS, scales, scaleAt), total0);
            total1 = first1.fma(FloatVector.fromArray(Lanes.FLOATS, scales, scaleAt + Lanes.COUNT), total1);
            scaleAt += ROWS;
            total0 = second0.fma(FloatVector.fromArray(Lanes.FLOATS, scales, scaleAt), total0);
            total1 = second1.fma(FloatVector.fromArray(Lanes.FLOATS, scales, scaleAt + Lanes.COUNT), total1);
            scaleAt += ROWS;
        }
        total0.intoArray(y, 0);
        total1.intoArray(y, Lanes.COUNT);
    }

    /** A last group without a partner. Its codes fill whole bytes, the high nibbles being zero. */
    private static void multiplyGroup(
            byte[] codes, int at, int step, float[] x, int xAt, int count, float[] scales, int scaleAt, float[] y) {
        for (int lane = 0; lane < ROWS; lane += Lanes.COUNT) {
            FloatVector sum = FloatVector.zero(Lanes.FLOATS);
            for (int column = 0; column < count; column++) {
                FloatVector value = FloatVector.broadcast(Lanes.FLOATS, x[xAt + column]);
                sum = Lanes.floats(codes, at + column * step + lane).fma(value, sum);
            }
            sum.fma(
                            FloatVector.fromArray(Lanes.FLOATS, scales, scaleAt + lane),
                            FloatVector.fromArray(Lanes.FLOATS, y, lane))
                    .intoArray(y, lane);
        }
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
        int groups = (to - from) / groupColumns;
        scales.expand(panel, from / groupColumns, to / groupColumns, scratch);
        byte[] strip = codes;
        int at = panel * panelBytes + from * ROWS;
        if (nibbles) {
            int pairs = (groups + 1) / 2;
            splitNibbles(codes, panel * panelBytes + from / 2 * ROWS, pairs * groupColumns, scratch.codes());
            strip = scratch.codes();
            at = 0;
        }
        for (int row = 0; row < rows; row += Tiles.WIDTH) {
            int block = firstBlock + row / Tiles.WIDTH;
            for (int group = 0; group < groups; group++) {
                int pairAt = at + group / 2 * 2 * groupColumns * ROWS + group % 2 * ROWS;
                int xAt = x.at(block, from + group * groupColumns);
                Tiles.multiplyCodes(
                        strip, pairAt, 2 * ROWS, x.values(), xAt, groupColumns, scratch.sums(), group * Tiles.SIZE);
            }
            Tiles.addScaled(scratch.sums(), groups, scratch.scales(), y, row * ROWS);
            if (shifted) {
                int sumsAt = x.sumsAt(block, from);
                Tiles.addPanelProduct(
                        scratch.offsets(), 0, ROWS, x.groupSums(), sumsAt, Tiles.WIDTH, groups, y, row * ROWS, ROWS);
            }
        }
    }

    /** Gives each code a byte: what {@code count} columns of bytes hold. */
    private static void splitNibbles(byte[] codes, int at, int count, byte[] out) {
        for (int column = 0; column < count; column++) {
            for (int i = 0; i < ROWS; i += ByteLanes.COUNT) {
                long pairs = ByteLanes.get(codes, at + column * ROWS + i);
                ByteLanes.put(out, 2 * column * ROWS + i, ByteLanes.bits(pairs, 0, 15));
                ByteLanes.put(out, (2 * column + 1) * ROWS + i, ByteLanes.bits(pairs, 4, 15));
            }
        }
    }

    @Override
    public long bytes() {
        return codes.length + scales.bytes();
    }
}
