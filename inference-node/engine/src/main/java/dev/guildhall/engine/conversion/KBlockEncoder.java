package dev.guildhall.engine.conversion;

/**
 * The K types, whose groups have scales of their own under the block's. Each group's scale, and offset, is searched: among a
 * number of ways to round the codes, the one is taken that leaves the smallest square error once scale and offset are fitted to
 * it. Then the groups' numbers are rounded themselves, and the codes are chosen anew for what came of them.
 */
final class KBlockEncoder {

    private static final int BLOCK = 256;

    private KBlockEncoder() {}

    /** {@code x = scale · code - offset}. */
    private static final class Fit {
        float scale;
        float offset;
    }

    /** Eight groups of 32, codes 0 to 15, six bits for each scale and offset. */
    static void encodeQ4K(float[] x, int at, byte[] out, int outAt) {
        float[] scales = new float[8];
        float[] offsets = new float[8];
        int[] codes = new int[32];
        Fit fit = new Fit();
        for (int group = 0; group < 8; group++) {
            fitWithOffset(x, at + 32 * group, 32, 15, fit, codes);
            scales[group] = fit.scale;
            offsets[group] = fit.offset;
        }
        short outerScale = Float.floatToFloat16(max(scales) / 63);
        short outerOffset = Float.floatToFloat16(max(offsets) / 63);
        BlockEncoder.putShort(out, outAt, outerScale);
        BlockEncoder.putShort(out, outAt + 2, outerOffset);
        float scale = Float.float16ToFloat(outerScale);
        float offset = Float.float16ToFloat(outerOffset);
        for (int group = 0; group < 8; group++) {
            int innerScale = Math.clamp(Math.round(scales[group] * inverse(scale)), 0, 63);
            int innerOffset = Math.clamp(Math.round(offsets[group] * inverse(offset)), 0, 63);
            putSixBits(out, outAt + 4, group, innerScale, innerOffset);
            float groupInverse = inverse(scale * innerScale);
            float groupOffset = offset * innerOffset;
            for (int i = 0; i < 32; i++) {
                int code = Math.clamp(Math.round((x[at + 32 * group + i] + groupOffset) * groupInverse), 0, 15);
                int place = outAt + 16 + group / 2 * 32 + i;
                out[place] = (byte) (group % 2 == 0 ? code : out[place] | code << 4);
            }
        }
    }

    /** Groups 0 to 3 in whole bytes, the later ones in four bits of their own and the spare bits of those. */
    private static void putSixBits(byte[] out, int at, int group, int scale, int offset) {
        if (group < 4) {
            out[at + group] = (byte) scale;
            out[at + 4 + group] = (byte) offset;
        } else {
            out[at + 4 + group] = (byte) ((scale & 15) | offset << 4);
            out[at + group - 4] |= (byte) (scale >> 4 << 6);
            out[at + group] |= (byte) (offset >> 4 << 6);
        }
    }

    /** 16 groups of 16, codes -32 to 31, a signed byte for each scale. */
    static void encodeQ6K(float[] x, int at, byte[] out, int outAt) {
        float[] scales = new float[16];
        for (int group = 0; group < 16; group++) {
            scales[group] = fitScale(x, at + 16 * group, 16, 32);
        }
        // The farthest one becomes -128, the end of the range that reaches farther.
        short outer = Float.floatToFloat16(BlockEncoder.farthest(scales, 0, 16) / -128);
        BlockEncoder.putShort(out, outAt + 208, outer);
        float scale = Float.float16ToFloat(outer);
        int[] codes = new int[BLOCK];
        for (int group = 0; group < 16; group++) {
            int inner = Math.clamp(Math.round(scales[group] * inverse(scale)), -128, 127);
            out[outAt + 192 + group] = (byte) inner;
            float inverse = inverse(scale * inner);
            for (int i = 16 * group; i < 16 * group + 16; i++) {
                codes[i] = Math.clamp(Math.round(x[at + i] * inverse), -32, 31) + 32;
            }
        }
        for (int half = 0; half < 2; half++) {
            for (int i = 0; i < 32; i++) {
                int column = half * 128 + i;
                int first = codes[column];
                int second = codes[column + 32];
                int third = codes[column + 64];
                int fourth = codes[column + 96];
                out[outAt + half * 64 + i] = (byte) ((first & 15) | third << 4);
                out[outAt + half * 64 + 32 + i] = (byte) ((second & 15) | fourth << 4);
                out[outAt + 128 + half * 32 + i] =
                        (byte) (first >> 4 | second >> 4 << 2 | third >> 4 << 4 | fourth >> 4 << 6);
            }
        }
    }

    /** Fits codes 0 to {@code codeMax}; the offset is never negative, since the file has no sign for it. */
    private static void fitWithOffset(float[] x, int at, int count, int codeMax, Fit fit, int[] codes) {
        float low = 0;
        float high = Float.NEGATIVE_INFINITY;
        for (int i = at; i < at + count; i++) {
            low = Math.min(low, x[i]);
            high = Math.max(high, x[i]);
        }
        fit.offset = -low;
        fit.scale = 0;
        if (high <= low) {
            return;
        }
        fit.scale = (high - low) / codeMax;
        double least = Double.POSITIVE_INFINITY;
        for (int step = -10; step <= 10; step++) {
            double scale = (high - low) / (codeMax + 0.1 * step);
            double offset = -low;
            // Codes for a scale, then the best scale for the codes, twice over.
            for (int turn = 0; turn < 2; turn++) {
                double sumCodes = 0;
                double sumSquares = 0;
                double sumX = 0;
                double sumProducts = 0;
                for (int i = 0; i < count; i++) {
                    double value = x[at + i];
                    codes[i] = (int) Math.clamp(Math.rint((value + offset) / scale), 0.0, codeMax);
                    sumCodes += codes[i];
                    sumSquares += codes[i] * codes[i];
                    sumX += value;
                    sumProducts += codes[i] * value;
                }
                double determinant = count * sumSquares - sumCodes * sumCodes;
                if (determinant <= 0) {
                    break;
                }
                scale = (count * sumProducts - sumCodes * sumX) / determinant;
                offset = (sumCodes * sumProducts - sumSquares * sumX) / determinant;
                if (offset < 0) {
                    offset = 0;
                    scale = sumProducts / sumSquares;
                }
                if (!(scale > 0)) {
                    break;
                }
                double error = 0;
                for (int i = 0; i < count; i++) {
                    double difference = scale * codes[i] - offset - x[at + i];
                    error += difference * difference;
                }
                if (error < least) {
                    least = error;
                    fit.scale = (float) scale;
                    fit.offset = (float) offset;
                }
            }
        }
    }

    /** The scale for codes {@code -codes} to {@code codes - 1} that leaves the least square error. */
    private static float fitScale(float[] x, int at, int count, int codes) {
        float farthest = BlockEncoder.farthest(x, at, count);
        if (farthest == 0) {
            return 0;
        }
        double best = 0;
        double most = 0;
        for (int step = -9; step <= 9; step++) {
            double inverse = -(codes + 0.1 * step) / farthest;
            double sumProducts = 0;
            double sumSquares = 0;
            for (int i = at; i < at + count; i++) {
                double code = Math.clamp(Math.rint(x[i] * inverse), -codes, codes - 1);
                sumProducts += code * x[i];
                sumSquares += code * code;
            }
            // What the best scale for these codes takes off the square error.
            double gain = sumSquares == 0 ? 0 : sumProducts * sumProducts / sumSquares;
            if (gain > most) {
                most = gain;
                best = sumProducts / sumSquares;
            }
        }
        return (float) best;
    }

    private static float max(float[] values) {
        float max = 0;
        for (float value : values) {
            max = Math.max(max, value);
        }
        return max;
    }

    private static float inverse(float scale) {
        return scale == 0 ? 0 : 1 / scale;
    }
}
