package dev.guildhall.engine.kernel;

import jdk.incubator.vector.FloatVector;

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

    /** Writes {@code [group - from][row]} for the groups from {@code from}, a block's first, to {@code to}. */
    void expand(int panel, int from, int to, Panels.Scratch scratch) {
        if (format.nested()) {
            for (int group = from; group < to; group += format.groupsPerBlock()) {
                expandNested(panel, group, (group - from) * ROWS, scratch);
            }
        } else {
            expandSimple((panel * groups + from) * ROWS, (to - from) * ROWS, scratch);
        }
    }

    private void expandSimple(int at, int count, Panels.Scratch scratch) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector scale = format.wideScales() ? Lanes.brains(scales, at + i) : Lanes.halves(scales, at + i);
            scale.intoArray(scratch.scales(), i);
            if (format.offsets()) {
                Lanes.halves(offsets, at + i).intoArray(scratch.offsets(), i);
            } else if (format.zeroPoint() != 0) {
                scale.mul(-format.zeroPoint()).intoArray(scratch.offsets(), i);
            }
        }
    }

    private void expandNested(int panel, int group, int out, Panels.Scratch scratch) {
        int block = (panel * blocks + group / format.groupsPerBlock()) * ROWS;
        int inner = (panel * groups + group) * ROWS;
        int count = format.groupsPerBlock() * ROWS;
        for (int lane = 0; lane < ROWS; lane += Lanes.COUNT) {
            FloatVector scale = Lanes.halves(scales, block + lane);
            for (int i = lane; i < count; i += ROWS) {
                Lanes.floats(innerScales, inner + i).mul(scale).intoArray(scratch.scales(), out + i);
            }
            if (format.offsets()) {
                FloatVector offset = Lanes.halves(offsets, block + lane).neg();
                for (int i = lane; i < count; i += ROWS) {
                    Lanes.floats(innerOffsets, inner + i).mul(offset).intoArray(scratch.offsets(), out + i);
                }
            }
        }
    }

    long bytes() {
        return 2L * scales.length + 2L * offsets.length + innerScales.length + innerOffsets.length;
    }
}
