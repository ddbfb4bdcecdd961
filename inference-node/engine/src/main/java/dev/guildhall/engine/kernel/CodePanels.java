package dev.guildhall.engine.kernel;

import dev.guildhall.engine.tensor.Tensor;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Quantized weights: integer codes with {@link GroupScales}. Groups lie in pairs, column beside column: signed bytes
 * as they are, codes of few bits packed ({@link ByteLanes#pack}). A last group without a partner has zeros beside it.
 *
 * <p>However many rows of the input there are, a group's products are added up column by column from zero, then scaled and added
 * to the result.
 */
final class CodePanels implements Panels {

    private static final int ROWS = Lanes.PANEL_ROWS;

    private final BlockFormat format;
    private final int columns;
    private final int groupColumns;
    private final boolean packed;
    private final int pairBytes; // of two groups
    private final int panelBytes;
    private final byte[]
            codes; // [panel, group / 2, column of group, 2, row]; packed: [panel, group / 2, byte of a row's pair, row]
    private final GroupScales scales;

    CodePanels(BlockFormat format, Tensor tensor, Workers workers) {
        this.format = format;
        columns = tensor.columns();
        groupColumns = format.groupColumns();
        packed = format.codeBits() < 8;
        if (format.plainNibbles() && groupColumns != CodeProducts.NIBBLE_GROUP) {
            throw new IllegalArgumentException(
                    format + " cannot be laid out: groups of nibbles have " + CodeProducts.NIBBLE_GROUP);
        }
        pairBytes = groupColumns * format.codeBits() / 4 * ROWS;
        panelBytes = (columns / groupColumns + 1) / 2 * pairBytes;
        int panels = (tensor.rows() + ROWS - 1) / ROWS;
        codes = new byte[VectorKernels.arrayLength(tensor, (long) panels * panelBytes)];
        scales = new GroupScales(format, panels, columns);
        RowCodes[] rows = new RowCodes[workers.count()];
        byte[][] buffers = new byte[rows.length][packed ? (panelBytes / ROWS + 1) * ByteLanes.COUNT : 0];
        for (int worker = 0; worker < rows.length; worker++) {
            rows[worker] = new RowCodes(format, columns, ByteLanes.COUNT);
        }
        workers.run(panels, (worker, panel) -> {
            for (int row = 0; row < ROWS; row += ByteLanes.COUNT) {
                int left = tensor.rows() - panel * ROWS - row;
                if (left > 0) {
                    rows[worker].read(tensor, panel * ROWS + row, Math.min(left, ByteLanes.COUNT));
                    put(panel, row, rows[worker], buffers[worker]);
                }
            }
        });
    }

    private void put(int panel, int rowOfPanel, RowCodes rows, byte[] buffer) {
        scales.put(panel, rowOfPanel, rows);
        int at = panel * panelBytes + rowOfPanel;
        if (packed) {
            ByteLanes.pack(rows.codes, columns, groupColumns, format.codeBits(), buffer);
            ByteLanes.transpose(buffer, panelBytes / ROWS, codes, at, ROWS);
        } else {
            for (int group = 0; group < columns / groupColumns; group++) {
                int from = group * groupColumns;
                int groupAt = at + group / 2 * pairBytes + group % 2 * ROWS;
                ByteLanes.transpose(rows.codes, columns, from, from + groupColumns, codes, groupAt, 2 * ROWS);
            }
        }
    }

    @Override
    public void multiply(int panel, float[] x, int row, ColumnSums sums, float[] y, Scratch scratch) {
        int xAt = row * columns;
        float[] groupSums = sums.of(sumColumns());
        int sumsAt = row * columns / groupColumns;
        FloatVector.zero(Lanes.FLOATS).intoArray(y, 0);
        FloatVector.zero(Lanes.FLOATS).intoArray(y, Lanes.COUNT);
        for (int from = 0; from < columns; from += STRIP_COLUMNS) {
            int to = Math.min(columns, from + STRIP_COLUMNS);
            if (scales.nested()) {
                multiplyBlock(panel, from, x, xAt, groupSums, sumsAt, y, scratch);
            } else {
                multiplyStrip(panel, from, to, x, xAt, groupSums, sumsAt, y, scratch);
            }
        }
    }

    @Override
    public void multiplyTwo(int panel, float[] x, int row, ColumnSums sums, float[] y, Scratch scratch) {
        Arrays.fill(y, 0, 2 * ROWS, 0);
        for (int from = 0; from < columns; from += STRIP_COLUMNS) {
            int to = Math.min(columns, from + STRIP_COLUMNS);
            int groups = (to - from) / groupColumns;
            int paired = groups / 2 * 2 * groupColumns;
            int at = codesAt(panel, from);
            int xAt = row * columns + from;
            float[] groupScales = scratch.scales();
            scales.expand(panel, from / groupColumns, to / groupColumns, scratch);
            if (format.plainNibbles()) {
                CodeProducts.addNibblesToTwo(codes, at, x, xAt, xAt + columns, paired, groupScales, y);
            } else {
                byte[] bytes = bytes(at, paired / groupColumns, scratch);
                CodeProducts.addBytesToTwo(
                        bytes, bytesAt(at), x, xAt, xAt + columns, paired, groupColumns, groupScales, y);
            }
            if (from + paired < to) {
                int lastAt = codesAt(panel, from + paired);
                byte[] bytes = bytes(lastAt, 1, scratch);
                int scaleAt = (groups - 1) * ROWS;
                xAt += paired;
                CodeProducts.addGroup(bytes, bytesAt(lastAt), x, xAt, groupColumns, groupScales, scaleAt, y, 0);
                CodeProducts.addGroup(
                        bytes, bytesAt(lastAt), x, xAt + columns, groupColumns, groupScales, scaleAt, y, ROWS);
            }
            if (format.shifted()) {
                int sumsAt = (row * columns + from) / groupColumns;
                float[] groupSums = sums.of(groupColumns);
                CodeProducts.addOffsets(groupSums, sumsAt, groups, scratch.offsets(), y, 0);
                CodeProducts.addOffsets(groupSums, sumsAt + columns / groupColumns, groups, scratch.offsets(), y, ROWS);
            }
        }
    }

    /** Where the codes of a pair of groups begin, of which {@code column} is the first. */
    private int codesAt(int panel, int column) {
        return panel * panelBytes + column / (2 * groupColumns) * pairBytes;
    }

    /** A strip of a nested format is a block. */
    private void multiplyBlock(
            int panel, int from, float[] x, int xAt, float[] groupSums, int sumsAt, float[] y, Scratch scratch) {
        int at = codesAt(panel, from);
        int group = from / groupColumns;
        int innerAt = scales.at(panel, group);
        float[] outer = scratch.outer();
        scales.expandOuterScales(panel, group, outer);
        if (format.plainNibbles()) {
            CodeProducts.addNestedNibbles(
                    codes, at, x, xAt + from, STRIP_COLUMNS, outer, scales.innerScales(), innerAt, y);
        } else {
            byte[] bytes = bytes(at, STRIP_COLUMNS / groupColumns, scratch);
            CodeProducts.addNestedBytes(
                    bytes,
                    bytesAt(at),
                    x,
                    xAt + from,
                    STRIP_COLUMNS,
                    groupColumns,
                    outer,
                    scales.innerScales(),
                    innerAt,
                    y);
        }
        if (format.shifted()) {
            scales.expandOuterOffsets(panel, group, outer);
            int groups = STRIP_COLUMNS / groupColumns;
            CodeProducts.addNestedOffsets(groupSums, sumsAt + group, groups, outer, scales.innerOffsets(), innerAt, y);
        }
    }

    private void multiplyStrip(
            int panel,
            int from,
            int to,
            float[] x,
            int xAt,
            float[] groupSums,
            int sumsAt,
            float[] y,
            Scratch scratch) {
        int at = codesAt(panel, from);
        int group = from / groupColumns;
        int groups = (to - from) / groupColumns;
        int scaleAt = scales.at(panel, group);
        int paired = groups / 2 * 2 * groupColumns;
        if (format.plainNibbles()) {
            CodeProducts.addNibbles(codes, at, x, xAt + from, paired, scales.scales(), scaleAt, scales.wide(), y);
        } else {
            byte[] bytes = bytes(at, paired / groupColumns, scratch);
            CodeProducts.addBytes(
                    bytes,
                    bytesAt(at),
                    x,
                    xAt + from,
                    paired,
                    groupColumns,
                    scales.scales(),
                    scaleAt,
                    scales.wide(),
                    y);
        }
        if (from + paired < to) {
            int column = from + paired;
            int lastAt = codesAt(panel, column);
            scales.expand(panel, column / groupColumns, to / groupColumns, scratch);
            byte[] bytes = bytes(lastAt, 1, scratch);
            CodeProducts.addGroup(bytes, bytesAt(lastAt), x, xAt + column, groupColumns, scratch.scales(), 0, y, 0);
        }
        if (format.shifted()) {
            CodeProducts.addOffsets(
                    groupSums, sumsAt + group, groups, scales.shifts(), scaleAt, scales.shiftFactor(), y);
        }
    }

    /** Codes of the groups at {@code at}, a byte each, from {@link #bytesAt} on; in scratch memory when they were packed. */
    private byte[] bytes(int at, int groups, Scratch scratch) {
        if (!packed) {
            return codes;
        }
        byte[] bytes = scratch.codes();
        int pairs = (groups + 1) / 2;
        if (format.codeBits() < 4) {
            CodeProducts.splitPairs(codes, at, pairs, groupColumns, format.codeBits() == 3, format.zeroPoint(), bytes);
        } else if (format.numbers() == BlockFormat.Numbers.COUNTED) {
            // Zero points of plain nibbles come with the offsets.
            int zeroPoint = format.plainNibbles() ? 0 : format.zeroPoint();
            CodeProducts.split(codes, at, pairs, groupColumns, format.codeBits() == 5, zeroPoint, bytes);
        } else {
            CodeProducts.lookUp(codes, at, pairs, groupColumns, format.numbers().table(), bytes);
        }
        return bytes;
    }

    private int bytesAt(int at) {
        return packed ? 0 : at;
    }

    @Override
    public void addProduct(
            int panel, int from, int to, RowBlocks x, int firstBlock, int rows, float[] y, Scratch scratch) {
        int groups = (to - from) / groupColumns;
        scales.expand(panel, from / groupColumns, to / groupColumns, scratch);
        // Where there is little to do with each code, memory is read pair by pair between computing, else strip by
        // strip.
        int step = rows <= Tiles.WIDTH ? 2 : groups;
        for (int group = 0; group < groups; group += step) {
            addGroups(panel, from, group, Math.min(groups, group + step), x, firstBlock, rows, y, scratch);
        }
        if (format.shifted()) {
            for (int row = 0; row < rows; row += Tiles.WIDTH) {
                float[] sums = x.sums(groupColumns);
                int sumsAt = x.sumsAt(firstBlock + row / Tiles.WIDTH, from, groupColumns);
                Tiles.addPanelProduct(
                        scratch.offsets(), 0, ROWS, sums, sumsAt, Tiles.WIDTH, groups, y, row * ROWS, ROWS);
            }
        }
    }

    /** Groups of a strip, from an even one; their scales are expanded. */
    private void addGroups(
            int panel,
            int strip,
            int first,
            int end,
            RowBlocks x,
            int firstBlock,
            int rows,
            float[] y,
            Scratch scratch) {
        int at = codesAt(panel, strip + first * groupColumns);
        int length = (end - first + 1) / 2 * pairBytes;
        // The last ones read themselves again.
        int nextAt = at <= codes.length - 2 * length ? at + length : at;
        byte[] bytes = bytes(at, end - first, scratch);
        int bytesAt = bytesAt(at);
        for (int row = 0; row < rows; row += Tiles.WIDTH) {
            int block = firstBlock + row / Tiles.WIDTH;
            for (int group = first; group < end; group++) {
                int ofPair = (group - first) % 2;
                scratch.keep(Tiles.addScaledCodes(
                        bytes,
                        bytesAt + ((group - first - ofPair) * groupColumns + ofPair) * ROWS,
                        codes,
                        nextAt + (group - first) * (pairBytes / 2),
                        pairBytes / 2 / groupColumns,
                        x.values(),
                        x.at(block, strip + group * groupColumns),
                        groupColumns,
                        scratch.scales(),
                        group * ROWS,
                        y,
                        row * ROWS));
            }
        }
    }

    @Override
    public int sumColumns() {
        return format.shifted() ? groupColumns : 0;
    }

    @Override
    public long bytes() {
        return codes.length + scales.bytes();
    }
}
