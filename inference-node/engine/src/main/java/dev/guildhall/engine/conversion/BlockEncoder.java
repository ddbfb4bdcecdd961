package dev.guildhall.engine.conversion;

import dev.guildhall.engine.tensor.TensorType;

/** Packs numbers into blocks: the other direction of {@code kernel.BlockFormat}, where the layouts are told. */
@FunctionalInterface
interface BlockEncoder {

    /** {@code out[outAt ..] = one block of x[at ..]}. */
    void encode(float[] x, int at, byte[] out, int outAt);

    /** For the types that files are written in. */
    static BlockEncoder of(TensorType type) {
        return switch (type) {
            case F32 -> BlockEncoder::encodeF32;
            case F16 -> (x, at, out, outAt) -> putShort(out, outAt, Float.floatToFloat16(x[at]));
            case BF16 -> BlockEncoder::encodeBF16;
            case Q4_0 -> BlockEncoder::encodeQ4_0;
            case Q5_0 -> BlockEncoder::encodeQ5_0;
            case Q8_0 -> BlockEncoder::encodeQ8_0;
            case Q4_K -> KBlockEncoder::encodeQ4K;
            case Q6_K -> KBlockEncoder::encodeQ6K;
            default -> throw new IllegalArgumentException("%s can be read, but not written".formatted(type));
        };
    }

    private static void encodeF32(float[] x, int at, byte[] out, int outAt) {
        int bits = Float.floatToRawIntBits(x[at]);
        putShort(out, outAt, (short) bits);
        putShort(out, outAt + 2, (short) (bits >>> 16));
    }

    /** To the nearest, and to the even one of two. */
    private static void encodeBF16(float[] x, int at, byte[] out, int outAt) {
        int bits = Float.floatToRawIntBits(x[at]);
        putShort(out, outAt, (short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16));
    }

    /** The number farthest from zero becomes code 0, -8 after the zero point. */
    private static void encodeQ4_0(float[] x, int at, byte[] out, int outAt) {
        float scale = farthest(x, at, 32) / -8;
        double inverse = inverse(scale);
        putShort(out, outAt, Float.floatToFloat16(scale));
        for (int i = 0; i < 16; i++) {
            int low = Math.clamp((long) (x[at + i] * inverse + 8.5), 0, 15);
            int high = Math.clamp((long) (x[at + 16 + i] * inverse + 8.5), 0, 15);
            out[outAt + 2 + i] = (byte) (low | high << 4);
        }
    }

    private static void encodeQ5_0(float[] x, int at, byte[] out, int outAt) {
        float scale = farthest(x, at, 32) / -16;
        double inverse = inverse(scale);
        putShort(out, outAt, Float.floatToFloat16(scale));
        int fifths = 0;
        for (int i = 0; i < 16; i++) {
            int low = Math.clamp((long) (x[at + i] * inverse + 16.5), 0, 31);
            int high = Math.clamp((long) (x[at + 16 + i] * inverse + 16.5), 0, 31);
            out[outAt + 6 + i] = (byte) ((low & 15) | high << 4);
            fifths |= low >> 4 << i | high >> 4 << (i + 16);
        }
        putShort(out, outAt + 2, (short) fifths);
        putShort(out, outAt + 4, (short) (fifths >>> 16));
    }

    private static void encodeQ8_0(float[] x, int at, byte[] out, int outAt) {
        float scale = Math.abs(farthest(x, at, 32)) / 127;
        float inverse = inverse(scale);
        putShort(out, outAt, Float.floatToFloat16(scale));
        for (int i = 0; i < 32; i++) {
            out[outAt + 2 + i] = (byte) roundAway(x[at + i] * inverse);
        }
    }

    /** A half goes away from zero. */
    private static int roundAway(float value) {
        return (int) (value + Math.copySign(0.5f, value));
    }

    private static float inverse(float scale) {
        return scale == 0 ? 0 : 1 / scale;
    }

    /** With its sign, the number of the largest magnitude. */
    static float farthest(float[] x, int at, int count) {
        float farthest = 0;
        for (int i = at; i < at + count; i++) {
            if (Math.abs(x[i]) > Math.abs(farthest)) {
                farthest = x[i];
            }
        }
        return farthest;
    }

    static void putShort(byte[] out, int at, short value) {
        out[at] = (byte) value;
        out[at + 1] = (byte) (value >>> 8);
    }
}
