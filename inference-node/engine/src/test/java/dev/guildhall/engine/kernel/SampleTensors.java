package dev.guildhall.engine.kernel;

import dev.guildhall.engine.tensor.Tensor;
import dev.guildhall.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;

/** Random tensors of every type: any bytes are valid blocks as long as the scales are finite. */
final class SampleTensors {

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private SampleTensors() {}

    static Tensor random(TensorType type, int rows, int columns, long seed) {
        Random random = new Random(seed);
        byte[] bytes = new byte[Math.toIntExact(type.bytes((long) rows * columns))];
        random.nextBytes(bytes);
        MemorySegment data = MemorySegment.ofArray(bytes);
        for (int block = 0; block < bytes.length; block += type.blockBytes()) {
            switch (type) {
                case F32 ->
                    data.set(
                            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN),
                            block,
                            Float.floatToRawIntBits((float) random.nextGaussian()));
                case F16 -> data.set(SHORT, block, half(random));
                case BF16 ->
                    data.set(SHORT, block, (short) (Float.floatToRawIntBits((float) random.nextGaussian()) >>> 16));
                case Q4_0, Q5_0, Q8_0, IQ4_NL -> data.set(SHORT, block, half(random));
                case Q4_1, Q5_1, Q4_K, Q5_K -> {
                    data.set(SHORT, block, half(random));
                    data.set(SHORT, block + 2, half(random));
                }
                case Q2_K -> {
                    data.set(SHORT, block + 80, half(random));
                    data.set(SHORT, block + 82, half(random));
                }
                case Q3_K -> data.set(SHORT, block + 108, half(random));
                case MXFP4 -> data.set(ValueLayout.JAVA_BYTE, block, (byte) random.nextInt(110, 130));
                case F8_E4M3 -> {
                    if ((data.get(ValueLayout.JAVA_BYTE, block) & 127) == 127) {
                        data.set(ValueLayout.JAVA_BYTE, block, (byte) 0); // no number cannot be compared
                    }
                }
                case Q6_K -> data.set(SHORT, block + 208, half(random));
            }
        }
        return new Tensor(
                "sample",
                type,
                List.of((long) columns, (long) rows),
                data,
                type == TensorType.F8_E4M3 ? squareScales(rows, columns, random) : null);
    }

    private static Tensor squareScales(int rows, int columns, Random random) {
        int high = (rows + Tensor.SQUARE - 1) / Tensor.SQUARE;
        int wide = (columns + Tensor.SQUARE - 1) / Tensor.SQUARE;
        float[] scales = new float[high * wide];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = random.nextFloat();
        }
        return Tensor.ofFloats("scales", scales, wide, high);
    }

    /** A number around zero; one in eight is subnormal. */
    private static short half(Random random) {
        float value = (float) random.nextGaussian();
        return Float.floatToFloat16(random.nextInt(8) == 0 ? value * 0x1p-16f : value);
    }

    static float[] floats(int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
