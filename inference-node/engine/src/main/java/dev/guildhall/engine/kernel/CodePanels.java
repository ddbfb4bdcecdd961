package dev.guildhall.engine.kernel;

import dev.guildhall.engine.tensor.Tensor;
import jdk.incubator.vector.FloatVector;

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
        if (nibbles && groupColumns != CodeProducts.NIBBLE_GROUP) {
            throw new IllegalArgumentException(
                    format + " cannot be laid out: groups of nibbles have " + CodeProducts.NIBBLE_GROUP);
        }
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
            if (scales.nested()) {
                multiplyBlock(panel, from, x, xAt, groupSums, sumsAt, y, scratch);
            } else {
                multiplyStrip(panel, from, to, x, xAt, groupSums, sumsAt, y, scratch);
            }
        }
    }

    /** Where the codes of a pair of groups begin, of which {@code column} is the first. */
    private int codesAt(int panel, int column) {
        return panel * panelBytes + column * ROWS / (nibbles ? 2 : 1);
    }

    /** A strip of a nested format is a block. */
    private void multiplyBlock(
            int panel, int from, float[] x, int xAt, float[] groupSums, int sumsAt, float[] y, Scratch scratch) {
        int at = codesAt(panel, from);
        int group = from / groupColumns;
        int innerAt = scales.at(panel, group);
        float[] outer = scratch.outer();
        scales.expandOuterScales(panel, group, outer);
        if (nibbles) {
            CodeProducts.addNestedNibbles(
                    codes, at, x, xAt + from, STRIP_COLUMNS, outer, scales.innerScales(), innerAt, y);
        } else {
            CodeProducts.addNestedBytes(
                    codes, at, x, xAt + from, STRIP_COLUMNS, groupColumns, outer, scales.innerScales(), innerAt, y);
        }
        if (shifted) {
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
        if (nibbles) {
            CodeProducts.addNibbles(codes, at, x, xAt + from, paired, scales.scales(), scaleAt, scales.wide(), y);
        } else {
            CodeProducts.addBytes(
                    codes, at, x, xAt + from, paired, groupColumns, scales.scales(), scaleAt, scales.wide(), y);
        }
        if (from + paired < to) {
            int step = nibbles ? ROWS : 2 * ROWS;
            scales.expand(panel, group + groups - 1, group + groups, scratch);
            CodeProducts.addGroup(
                    codes,
                    codesAt(panel, from + paired),
                    step,
                    x,
                    xAt + from + paired,
                    groupColumns,
                    scratch.scales(),
                    y);
        }
        if (shifted) {
            CodeProducts.addOffsets(
                    groupSums, sumsAt + group, groups, scales.shifts(), scaleAt, scales.shiftFactor(), y);
        }
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
        if (shifted) {
            for (int row = 0; row < rows; row += Tiles.WIDTH) {
                int sumsAt = x.sumsAt(firstBlock + row / Tiles.WIDTH, from);
                Tiles.addPanelProduct(
                        scratch.offsets(), 0, ROWS, x.groupSums(), sumsAt, Tiles.WIDTH, groups, y, row * ROWS, ROWS);
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
        byte[] bytes = codes;
        int at = codesAt(panel, strip + first * groupColumns);
        int columnBytes = nibbles ? ROWS / 2 : ROWS;
        int pairs = (end - first + 1) / 2;
        int length = 2 * pairs * groupColumns * columnBytes;
        // The last ones read themselves again.
        int nextAt = at + 2 * length <= codes.length ? at + length : at;
        if (nibbles) {
            bytes = scratch.codes();
            CodeProducts.splitNibbles(codes, at, pairs * groupColumns, bytes);
            at = 0;
        }
        for (int row = 0; row < rows; row += Tiles.WIDTH) {
            int block = firstBlock + row / Tiles.WIDTH;
            for (int group = first; group < end; group++) {
                int pair = (group - first) / 2 * 2;
                scratch.keep(Tiles.addScaledCodes(
                        bytes,
                        at + (pair * groupColumns + (group - first) % 2) * ROWS,
                        codes,
                        nextAt + (group - first) * groupColumns * columnBytes,
                        columnBytes,
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
    public long bytes() {
        return codes.length + scales.bytes();
    }
}
