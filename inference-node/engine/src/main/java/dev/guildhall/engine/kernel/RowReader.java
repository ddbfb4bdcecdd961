package dev.guildhall.engine.kernel;

import dev.guildhall.engine.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Reads rows of a tensor of any type as plain numbers. One thread at a time. */
public final class RowReader {

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Tensor tensor;
    private final @Nullable RowCodes codes;
    private final @Nullable SquareScales scales;

    public RowReader(Tensor tensor) {
        this.tensor = tensor;
        this.codes = BlockFormat.of(tensor.type())
                .map(format -> new RowCodes(format, tensor.columns(), 1))
                .orElse(null);
        this.scales = tensor.scales() == null ? null : new SquareScales(tensor.scales());
    }

    /** {@code out[at .. at + columns) = tensor[row]}. */
    public void read(int row, float[] out, int at) {
        if (codes != null) {
            readCodes(codes, row, out, at);
            return;
        }
        long start = row * tensor.rowBytes();
        for (int column = 0; column < tensor.columns(); column++) {
            out[at + column] = switch (tensor.type()) {
                case F16 -> Float.float16ToFloat(tensor.data().get(SHORT, start + 2L * column));
                case F8_E4M3 -> scale(row, column) * eighth(tensor.data().get(ValueLayout.JAVA_BYTE, start + column));
                case BF16 -> Float.intBitsToFloat(tensor.data().get(SHORT, start + 2L * column) << 16);
                default -> tensor.data().get(FLOAT, start + 4L * column);
            };
        }
    }

    /** Sign, four bits of exponent, three of fraction: moved into place, then put right by the exponents' difference. */
    private static float eighth(byte bits) {
        if ((bits & 0x7f) == 0x7f) {
            return Float.NaN;
        }
        float magnitude = Float.intBitsToFloat((bits & 0x7f) << 20) * 0x1p120f;
        return bits < 0 ? -magnitude : magnitude;
    }

    private float scale(int row, int column) {
        return scales == null ? 1 : scales.of(row, column);
    }

    private void readCodes(RowCodes row, int index, float[] out, int at) {
        row.read(tensor, index, 1);
        int groupColumns = row.format.groupColumns();
        for (int group = 0; group < tensor.columns() / groupColumns; group++) {
            float scale = row.scale(group);
            float offset = row.offset(group);
            for (int column = group * groupColumns; column < (group + 1) * groupColumns; column++) {
                out[at + column] = scale * row.format.numbers().of(row.codes[column]) + offset;
            }
        }
    }
}
