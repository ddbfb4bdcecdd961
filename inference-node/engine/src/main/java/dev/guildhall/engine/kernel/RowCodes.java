package dev.guildhall.engine.kernel;

import dev.guildhall.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Rows of a quantized tensor, taken apart as {@link BlockFormat} says; reused for row after row. */
final class RowCodes {

    final BlockFormat format;
    final byte[] codes; // [row, column]
    final short[] scales; // [row, block] f16, or bf16 when they are wide
    final short[] offsets; // [row, block] f16; empty when the type has none
    final byte[] innerScales; // [row, group]; empty for simple types
    final byte[] innerOffsets; // [row, group]; empty when the type has none

    private final byte[] raw;

    RowCodes(BlockFormat format, int columns, int rows) {
        this.format = format;
        int groups = rows * (columns / format.groupColumns());
        int blocks = groups / format.groupsPerBlock();
        codes = new byte[rows * columns];
        scales = new short[blocks];
        offsets = new short[format.offsets() ? blocks : 0];
        innerScales = new byte[format.nested() ? groups : 0];
        innerOffsets = new byte[format.nested() && format.offsets() ? groups : 0];
        raw = new byte[Math.toIntExact(rows * format.type().bytes(columns))];
    }

    /** Reads {@code count} rows; those that were in the others' place become zeros. */
    void read(Tensor tensor, int firstRow, int count) {
        int bytes = (int) (count * tensor.rowBytes());
        MemorySegment.copy(tensor.data(), ValueLayout.JAVA_BYTE, firstRow * tensor.rowBytes(), raw, 0, bytes);
        Arrays.fill(raw, bytes, raw.length, (byte) 0);
        int blockBytes = format.type().blockBytes();
        for (int block = 0; block < raw.length / blockBytes; block++) {
            format.reader().read(raw, block * blockBytes, this, block);
        }
    }

    /** Of a group of the first row. */
    float scale(int group) {
        short bits = scales[group / format.groupsPerBlock()];
        float outer = format.wideScales() ? Float.intBitsToFloat(bits << 16) : Float.float16ToFloat(bits);
        return format.nested() ? outer * innerScales[group] : outer;
    }

    /** Of a group of the first row. */
    float offset(int group) {
        if (!format.offsets()) {
            return -format.zeroPoint() * scale(group);
        }
        float outer = Float.float16ToFloat(offsets[group / format.groupsPerBlock()]);
        return format.nested() ? -outer * innerOffsets[group] : outer;
    }
}
