package dev.guildhall.engine.kernel;

import dev.guildhall.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** One row of a quantized tensor, taken apart as {@link BlockFormat} says; reused row after row. */
final class RowCodes {

    final BlockFormat format;
    final byte[] codes; // [column]
    final short[] scales; // [block] f16
    final short[] offsets; // [block] f16; empty when the type has none
    final byte[] innerScales; // [group]; empty for simple types
    final byte[] innerOffsets; // [group]; empty when the type has none

    private final byte[] raw;

    RowCodes(BlockFormat format, int columns) {
        this.format = format;
        int groups = columns / format.groupColumns();
        int blocks = groups / format.groupsPerBlock();
        codes = new byte[columns];
        scales = new short[blocks];
        offsets = new short[format.offsets() ? blocks : 0];
        innerScales = new byte[format.nested() ? groups : 0];
        innerOffsets = new byte[format.nested() && format.offsets() ? groups : 0];
        raw = new byte[Math.toIntExact(format.type().bytes(columns))];
    }

    void read(Tensor tensor, int row) {
        MemorySegment.copy(tensor.data(), ValueLayout.JAVA_BYTE, row * tensor.rowBytes(), raw, 0, raw.length);
        int blockBytes = format.type().blockBytes();
        for (int block = 0; block < raw.length / blockBytes; block++) {
            format.reader().read(raw, block * blockBytes, this, block);
        }
    }

    float scale(int group) {
        float outer = Float.float16ToFloat(scales[group / format.groupsPerBlock()]);
        return format.nested() ? outer * innerScales[group] : outer;
    }

    float offset(int group) {
        if (!format.offsets()) {
            return -format.zeroPoint() * scale(group);
        }
        float outer = Float.float16ToFloat(offsets[group / format.groupsPerBlock()]);
        return format.nested() ? -outer * innerOffsets[group] : outer;
    }
}
