package dev.guildhall.engine.kernel;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Scales and offsets of panels, kept as the file has them and expanded to floats strip by strip. */
final class GroupScales {

    private static final int ROWS = Lanes.PANEL_ROWS;

    private final BlockFormat format;
    private final int groups;
    private final int blocks;
    private final short[] scales; // [panel, block, row] f16, or bf16 when they are wide
    private final short[] offsets; // [panel, block, row] f16; empty when the format has none
    private final byte[] innerScales; // [panel, group, row]; empty for simple formats
    private final byte[] innerOffsets; // [panel, group, row]; empty when the format has none

    GroupScales(BlockFormat format, int panels, int columns) {
        this.format = format;
        groups = columns / format.groupColumns();
        blocks = groups / format.groupsPerBlock();
        scales = new short[panels * blocks * ROWS];
        offsets = new short[format.offsets() ? scales.length : 0];
        innerScales = new byte[format.nested() ? panels * groups * ROWS : 0];
        innerOffsets = new byte[format.nested() && format.offsets() ? innerScales.length : 0];
    }

    /** Takes eight rows, from {@code rowOfPanel} of the panel. */
    void put(int panel, int rowOfPanel, RowCodes rows) {
        int at = panel * blocks * ROWS + rowOfPanel;
        transpose(rows.scales, scales, at);
        if (format.offsets()) {
            transpose(rows.offsets, offsets, at);
        }
        if (format.nested()) {
            int innerAt = panel * groups * ROWS + rowOfPanel;
            ByteLanes.transpose(rows.innerScales, groups, innerScales, innerAt, ROWS);
            if (format.offsets()) {
                ByteLanes.transpose(rows.innerOffsets, groups, innerOffsets, innerAt, ROWS);
            }
        }
    }

    private void transpose(short[] rows, short[] panels, int at) {
        for (int block = 0; block < blocks; block++) {
            for (int row = 0; row < ByteLanes.COUNT; row++) {
                panels[at + block * ROWS + row] = rows[row * blocks + block];
            }
        }
    }

    /** Writes {@code [group - from][row]} for the groups from {@code from} to {@code to}; those of one block in nested formats. */
    void expand(int panel, int from, int to, Panels.Scratch scratch) {
        if (format.nested()) {
            int groupCount = to - from;
            expandOuterScales(panel, from, scratch.outer());
            multiply(innerScales, at(panel, from), groupCount, scratch.outer(), scratch.scales());
            if (format.offsets()) {
                expandOuterOffsets(panel, from, scratch.outer());
                multiply(innerOffsets, at(panel, from), groupCount, scratch.outer(), scratch.offsets());
            }
        } else {
            expandSimple(at(panel, from), (to - from) * ROWS, scratch);
        }
    }

    boolean nested() {
        return format.nested();
    }

    /** {@code [panel, block, row]} f16, or bf16 when they are wide. */
    short[] scales() {
        return scales;
    }

    boolean wide() {
        return format.wideScales();
    }

    /** Where the scales and offsets of a group begin, inner ones in nested formats. */
    int at(int panel, int group) {
        return (panel * groups + group) * ROWS;
    }

    /** What times {@link #shiftFactor} is added to {@code scale · code} in simple formats. */
    short[] shifts() {
        return format.offsets() ? offsets : scales;
    }

    float shiftFactor() {
        return format.offsets() ? 1 : -format.zeroPoint();
    }

    /** {@code [panel, group, row]}; the same for offsets. */
    byte[] innerScales() {
        return innerScales;
    }

    byte[] innerOffsets() {
        return innerOffsets;
    }

    /** Writes {@code [row]} for the block that begins with {@code group}. */
    void expandOuterScales(int panel, int group, float[] out) {
        widen(scales, (panel * blocks + group / format.groupsPerBlock()) * ROWS, ROWS, 1, out);
    }

    /** Those are subtracted. */
    void expandOuterOffsets(int panel, int group, float[] out) {
        widen(offsets, (panel * blocks + group / format.groupsPerBlock()) * ROWS, ROWS, -1, out);
    }

    private void expandSimple(int at, int count, Panels.Scratch scratch) {
        if (format.wideScales()) {
            widenBrains(scales, at, count, scratch.scales());
        } else {
            widen(scales, at, count, 1, scratch.scales());
        }
        if (format.offsets()) {
            widen(offsets, at, count, 1, scratch.offsets());
        } else if (format.shifted()) {
            widen(scales, at, count, -format.zeroPoint(), scratch.offsets());
        }
    }

    /** {@code out[count] = factor · halves[count]}. */
    private static void widen(short[] halves, int at, int count, float factor, float[] out) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            Lanes.halves(halves, at + i).mul(factor).intoArray(out, i);
        }
    }

    private static void widenBrains(short[] brains, int at, int count, float[] out) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            Lanes.brains(brains, at + i).intoArray(out, i);
        }
    }

    /** {@code out[group, ROWS] = inner[group, ROWS] · outer[ROWS]}. */
    private static void multiply(byte[] inner, int at, int groups, float[] outer, float[] out) {
        FloatVector outer0 = FloatVector.fromArray(Lanes.FLOATS, outer, 0);
        FloatVector outer1 = FloatVector.fromArray(Lanes.FLOATS, outer, Lanes.COUNT);
        for (int i = 0; i < groups * ROWS; i += ROWS) {
            ((FloatVector) ByteVector.fromArray(Lanes.BYTES, inner, at + i)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(outer0)
                    .intoArray(out, i);
            ((FloatVector) ByteVector.fromArray(Lanes.BYTES, inner, at + i + Lanes.COUNT)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(outer1)
                    .intoArray(out, i + Lanes.COUNT);
        }
    }

    long bytes() {
        return 2L * scales.length + 2L * offsets.length + innerScales.length + innerOffsets.length;
    }
}
