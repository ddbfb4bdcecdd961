package dev.guildhall.engine.kernel;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Products of a panel's codes with one row of the input, as {@link CodePanels} lays them out: where nearly all of a decoded token's
 * time goes.
 *
 * <p>What they read goes on where the last call stopped, at the same step: the processor reads ahead of each instruction that goes
 * through memory evenly. Vector operations stand here themselves and not in methods of ours, which the compiler stops putting in
 * place when a method has many; a vector that is handed over is an object.
 */
final class CodeProducts {

    /** Columns of a group in all formats of four bits. */
    static final int NIBBLE_GROUP = 32;

    private static final int ROWS = Lanes.PANEL_ROWS;

    private CodeProducts() {}

    /** {@code y[ROWS] += Σ_group scale[group, ROWS] · Σ_column code[column, ROWS] · x[column]}, two groups to a byte; pairs of groups. */
    static void addNibbles(
            byte[] codes, int at, float[] x, int xAt, int count, short[] scales, int scaleAt, boolean wide, float[] y) {
        FloatVector total0 = FloatVector.fromArray(Lanes.FLOATS, y, 0);
        FloatVector total1 = FloatVector.fromArray(Lanes.FLOATS, y, Lanes.COUNT);
        int shift = Lanes.shift(wide);
        int mask = Lanes.mask(wide);
        float factor = Lanes.factor(wide);
        for (int group = xAt; group < xAt + count; group += 2 * NIBBLE_GROUP) {
            FloatVector low0 = FloatVector.zero(Lanes.FLOATS);
            FloatVector low1 = FloatVector.zero(Lanes.FLOATS);
            FloatVector high0 = FloatVector.zero(Lanes.FLOATS);
            FloatVector high1 = FloatVector.zero(Lanes.FLOATS);
            for (int i = 0; i < NIBBLE_GROUP; i += 2) {
                int code = at + i * ROWS;
                IntVector codes0 = (IntVector) ByteVector.fromArray(Lanes.BYTES, codes, code)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, Lanes.INTS, 0);
                IntVector codes1 = (IntVector) ByteVector.fromArray(Lanes.BYTES, codes, code + Lanes.COUNT)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, Lanes.INTS, 0);
                FloatVector xLow = FloatVector.broadcast(Lanes.FLOATS, x[group + i]);
                FloatVector xHigh = FloatVector.broadcast(Lanes.FLOATS, x[group + i + NIBBLE_GROUP]);
                low0 = ((FloatVector) codes0.and(15).convert(VectorOperators.I2F, 0)).fma(xLow, low0);
                low1 = ((FloatVector) codes1.and(15).convert(VectorOperators.I2F, 0)).fma(xLow, low1);
                high0 = ((FloatVector) codes0.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                        .fma(xHigh, high0);
                high1 = ((FloatVector) codes1.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                        .fma(xHigh, high1);
                codes0 = (IntVector) ByteVector.fromArray(Lanes.BYTES, codes, code + ROWS)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, Lanes.INTS, 0);
                codes1 = (IntVector) ByteVector.fromArray(Lanes.BYTES, codes, code + ROWS + Lanes.COUNT)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, Lanes.INTS, 0);
                xLow = FloatVector.broadcast(Lanes.FLOATS, x[group + i + 1]);
                xHigh = FloatVector.broadcast(Lanes.FLOATS, x[group + i + NIBBLE_GROUP + 1]);
                low0 = ((FloatVector) codes0.and(15).convert(VectorOperators.I2F, 0)).fma(xLow, low0);
                low1 = ((FloatVector) codes1.and(15).convert(VectorOperators.I2F, 0)).fma(xLow, low1);
                high0 = ((FloatVector) codes0.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                        .fma(xHigh, high0);
                high1 = ((FloatVector) codes1.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                        .fma(xHigh, high1);
            }
            at += NIBBLE_GROUP * ROWS;
            total0 = low0.fma(
                    ((IntVector) ShortVector.fromArray(Lanes.SHORTS, scales, scaleAt)
                                    .convertShape(VectorOperators.S2I, Lanes.INTS, 0))
                            .lanewise(VectorOperators.LSHL, shift)
                            .and(mask)
                            .reinterpretAsFloats()
                            .mul(factor),
                    total0);
            total1 = low1.fma(
                    ((IntVector) ShortVector.fromArray(Lanes.SHORTS, scales, scaleAt + Lanes.COUNT)
                                    .convertShape(VectorOperators.S2I, Lanes.INTS, 0))
                            .lanewise(VectorOperators.LSHL, shift)
                            .and(mask)
                            .reinterpretAsFloats()
                            .mul(factor),
                    total1);
            total0 = high0.fma(
                    ((IntVector) ShortVector.fromArray(Lanes.SHORTS, scales, scaleAt + ROWS)
                                    .convertShape(VectorOperators.S2I, Lanes.INTS, 0))
                            .lanewise(VectorOperators.LSHL, shift)
                            .and(mask)
                            .reinterpretAsFloats()
                            .mul(factor),
                    total0);
            total1 = high1.fma(
                    ((IntVector) ShortVector.fromArray(Lanes.SHORTS, scales, scaleAt + ROWS + Lanes.COUNT)
                                    .convertShape(VectorOperators.S2I, Lanes.INTS, 0))
                            .lanewise(VectorOperators.LSHL, shift)
                            .and(mask)
                            .reinterpretAsFloats()
                            .mul(factor),
                    total1);
            scaleAt += 2 * ROWS;
        }
        total0.intoArray(y, 0);
        total1.intoArray(y, Lanes.COUNT);
    }

    /** {@code y[ROWS] += Σ_group inner[group, ROWS] · outer[ROWS] · Σ_column code[column, ROWS] · x[column]}, two groups to a byte; one block. */
    static void addNestedNibbles(
            byte[] codes, int at, float[] x, int xAt, int count, float[] outer, byte[] inner, int innerAt, float[] y) {
        FloatVector total0 = FloatVector.fromArray(Lanes.FLOATS, y, 0);
        FloatVector total1 = FloatVector.fromArray(Lanes.FLOATS, y, Lanes.COUNT);
        FloatVector outer0 = FloatVector.fromArray(Lanes.FLOATS, outer, 0);
        FloatVector outer1 = FloatVector.fromArray(Lanes.FLOATS, outer, Lanes.COUNT);
        for (int group = xAt; group < xAt + count; group += 2 * NIBBLE_GROUP) {
            FloatVector low0 = FloatVector.zero(Lanes.FLOATS);
            FloatVector low1 = FloatVector.zero(Lanes.FLOATS);
            FloatVector high0 = FloatVector.zero(Lanes.FLOATS);
            FloatVector high1 = FloatVector.zero(Lanes.FLOATS);
            for (int i = 0; i < NIBBLE_GROUP; i += 2) {
                int code = at + i * ROWS;
                IntVector codes0 = (IntVector) ByteVector.fromArray(Lanes.BYTES, codes, code)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, Lanes.INTS, 0);
                IntVector codes1 = (IntVector) ByteVector.fromArray(Lanes.BYTES, codes, code + Lanes.COUNT)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, Lanes.INTS, 0);
                FloatVector xLow = FloatVector.broadcast(Lanes.FLOATS, x[group + i]);
                FloatVector xHigh = FloatVector.broadcast(Lanes.FLOATS, x[group + i + NIBBLE_GROUP]);
                low0 = ((FloatVector) codes0.and(15).convert(VectorOperators.I2F, 0)).fma(xLow, low0);
                low1 = ((FloatVector) codes1.and(15).convert(VectorOperators.I2F, 0)).fma(xLow, low1);
                high0 = ((FloatVector) codes0.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                        .fma(xHigh, high0);
                high1 = ((FloatVector) codes1.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                        .fma(xHigh, high1);
                codes0 = (IntVector) ByteVector.fromArray(Lanes.BYTES, codes, code + ROWS)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, Lanes.INTS, 0);
                codes1 = (IntVector) ByteVector.fromArray(Lanes.BYTES, codes, code + ROWS + Lanes.COUNT)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, Lanes.INTS, 0);
                xLow = FloatVector.broadcast(Lanes.FLOATS, x[group + i + 1]);
                xHigh = FloatVector.broadcast(Lanes.FLOATS, x[group + i + NIBBLE_GROUP + 1]);
                low0 = ((FloatVector) codes0.and(15).convert(VectorOperators.I2F, 0)).fma(xLow, low0);
                low1 = ((FloatVector) codes1.and(15).convert(VectorOperators.I2F, 0)).fma(xLow, low1);
                high0 = ((FloatVector) codes0.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                        .fma(xHigh, high0);
                high1 = ((FloatVector) codes1.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                        .fma(xHigh, high1);
            }
            at += NIBBLE_GROUP * ROWS;
            total0 = low0.fma(
                    ((FloatVector) ByteVector.fromArray(Lanes.BYTES, inner, innerAt)
                                    .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                            .mul(outer0),
                    total0);
            total1 = low1.fma(
                    ((FloatVector) ByteVector.fromArray(Lanes.BYTES, inner, innerAt + Lanes.COUNT)
                                    .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                            .mul(outer1),
                    total1);
            total0 = high0.fma(
                    ((FloatVector) ByteVector.fromArray(Lanes.BYTES, inner, innerAt + ROWS)
                                    .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                            .mul(outer0),
                    total0);
            total1 = high1.fma(
                    ((FloatVector) ByteVector.fromArray(Lanes.BYTES, inner, innerAt + ROWS + Lanes.COUNT)
                                    .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                            .mul(outer1),
                    total1);
            innerAt += 2 * ROWS;
        }
        total0.intoArray(y, 0);
        total1.intoArray(y, Lanes.COUNT);
    }

    /** {@code y[ROWS] += Σ_group scale[group, ROWS] · Σ_column code[column, ROWS] · x[column]}, a byte to a column; pairs of groups. */
    static void addBytes(
            byte[] codes,
            int at,
            float[] x,
            int xAt,
            int count,
            int groupColumns,
            short[] scales,
            int scaleAt,
            boolean wide,
            float[] y) {
        FloatVector total0 = FloatVector.fromArray(Lanes.FLOATS, y, 0);
        FloatVector total1 = FloatVector.fromArray(Lanes.FLOATS, y, Lanes.COUNT);
        int shift = Lanes.shift(wide);
        int mask = Lanes.mask(wide);
        float factor = Lanes.factor(wide);
        for (int group = xAt; group < xAt + count; group += 2 * groupColumns) {
            FloatVector first0 = FloatVector.zero(Lanes.FLOATS);
            FloatVector first1 = FloatVector.zero(Lanes.FLOATS);
            FloatVector second0 = FloatVector.zero(Lanes.FLOATS);
            FloatVector second1 = FloatVector.zero(Lanes.FLOATS);
            for (int i = 0; i < groupColumns; i += 2) {
                int code = at + i * 2 * ROWS;
                FloatVector xFirst = FloatVector.broadcast(Lanes.FLOATS, x[group + i]);
                FloatVector xSecond = FloatVector.broadcast(Lanes.FLOATS, x[group + i + groupColumns]);
                first0 = ((FloatVector) ByteVector.fromArray(Lanes.BYTES, codes, code)
                                .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                        .fma(xFirst, first0);
                first1 = ((FloatVector) ByteVector.fromArray(Lanes.BYTES, codes, code + Lanes.COUNT)
                                .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                        .fma(xFirst, first1);
                second0 = ((FloatVector) ByteVector.fromArray(Lanes.BYTES, codes, code + ROWS)
                                .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                        .fma(xSecond, second0);
                second1 = ((FloatVector) ByteVector.fromArray(Lanes.BYTES, codes, code + ROWS + Lanes.COUNT)
                                .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                        .fma(xSecond, second1);
                xFirst = FloatVector.broadcast(Lanes.FLOATS, x[group + i + 1]);
                xSecond = FloatVector.broadcast(Lanes.FLOATS, x[group + i + groupColumns + 1]);
                first0 = ((FloatVector) ByteVector.fromArray(Lanes.BYTES, codes, code + 2 * ROWS)
                                .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                        .fma(xFirst, first0);
                first1 = ((FloatVector) ByteVector.fromArray(Lanes.BYTES, codes, code + 2 * ROWS + Lanes.COUNT)
                                .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                        .fma(xFirst, first1);
                second0 = ((FloatVector) ByteVector.fromArray(Lanes.BYTES, codes, code + 3 * ROWS)
                                .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                        .fma(xSecond, second0);
                second1 = ((FloatVector) ByteVector.fromArray(Lanes.BYTES, codes, code + 3 * ROWS + Lanes.COUNT)
                                .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                        .fma(xSecond, second1);
            }
            at += 2 * groupColumns * ROWS;
            total0 = first0.fma(
                    ((IntVector) ShortVector.fromArray(Lanes.SHORTS, scales, scaleAt)
                                    .convertShape(VectorOperators.S2I, Lanes.INTS, 0))
                            .lanewise(VectorOperators.LSHL, shift)
                            .and(mask)
                            .reinterpretAsFloats()
                            .mul(factor),
                    total0);
            total1 = first1.fma(
                    ((IntVector) ShortVector.fromArray(Lanes.SHORTS, scales, scaleAt + Lanes.COUNT)
                                    .convertShape(VectorOperators.S2I, Lanes.INTS, 0))
                            .lanewise(VectorOperators.LSHL, shift)
                            .and(mask)
                            .reinterpretAsFloats()
                            .mul(factor),
                    total1);
            total0 = second0.fma(
                    ((IntVector) ShortVector.fromArray(Lanes.SHORTS, scales, scaleAt + ROWS)
                                    .convertShape(VectorOperators.S2I, Lanes.INTS, 0))
                            .lanewise(VectorOperators.LSHL, shift)
                            .and(mask)
                            .reinterpretAsFloats()
                            .mul(factor),
                    total0);
            total1 = second1.fma(
                    ((IntVector) ShortVector.fromArray(Lanes.SHORTS, scales, scaleAt + ROWS + Lanes.COUNT)
                                    .convertShape(VectorOperators.S2I, Lanes.INTS, 0))
                            .lanewise(VectorOperators.LSHL, shift)
                            .and(mask)
                            .reinterpretAsFloats()
                            .mul(factor),
                    total1);
            scaleAt += 2 * ROWS;
        }
        total0.intoArray(y, 0);
        total1.intoArray(y, Lanes.COUNT);
    }

    /** {@code y[ROWS] += Σ_group inner[group, ROWS] · outer[ROWS] · Σ_column code[column, ROWS] · x[column]}, a byte to a column; one block. */
    static void addNestedBytes(
            byte[] codes,
            int at,
            float[] x,
            int xAt,
            int count,
            int groupColumns,
            float[] outer,
            byte[] inner,
            int innerAt,
            float[] y) {
        FloatVector total0 = FloatVector.fromArray(Lanes.FLOATS, y, 0);
        FloatVector total1 = FloatVector.fromArray(Lanes.FLOATS, y, Lanes.COUNT);
        FloatVector outer0 = FloatVector.fromArray(Lanes.FLOATS, outer, 0);
        FloatVector outer1 = FloatVector.fromArray(Lanes.FLOATS, outer, Lanes.COUNT);
        for (int group = xAt; group < xAt + count; group += 2 * groupColumns) {
            FloatVector first0 = FloatVector.zero(Lanes.FLOATS);
            FloatVector first1 = FloatVector.zero(Lanes.FLOATS);
            FloatVector second0 = FloatVector.zero(Lanes.FLOATS);
            FloatVector second1 = FloatVector.zero(Lanes.FLOATS);
            for (int i = 0; i < groupColumns; i += 2) {
                int code = at + i * 2 * ROWS;
                FloatVector xFirst = FloatVector.broadcast(Lanes.FLOATS, x[group + i]);
                FloatVector xSecond = FloatVector.broadcast(Lanes.FLOATS, x[group + i + groupColumns]);
                first0 = ((FloatVector) ByteVector.fromArray(Lanes.BYTES, codes, code)
                                .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                        .fma(xFirst, first0);
                first1 = ((FloatVector) ByteVector.fromArray(Lanes.BYTES, codes, code + Lanes.COUNT)
                                .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                        .fma(xFirst, first1);
                second0 = ((FloatVector) ByteVector.fromArray(Lanes.BYTES, codes, code + ROWS)
                                .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                        .fma(xSecond, second0);
                second1 = ((FloatVector) ByteVector.fromArray(Lanes.BYTES, codes, code + ROWS + Lanes.COUNT)
                                .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                        .fma(xSecond, second1);
                xFirst = FloatVector.broadcast(Lanes.FLOATS, x[group + i + 1]);
                xSecond = FloatVector.broadcast(Lanes.FLOATS, x[group + i + groupColumns + 1]);
                first0 = ((FloatVector) ByteVector.fromArray(Lanes.BYTES, codes, code + 2 * ROWS)
                                .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                        .fma(xFirst, first0);
                first1 = ((FloatVector) ByteVector.fromArray(Lanes.BYTES, codes, code + 2 * ROWS + Lanes.COUNT)
                                .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                        .fma(xFirst, first1);
                second0 = ((FloatVector) ByteVector.fromArray(Lanes.BYTES, codes, code + 3 * ROWS)
                                .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                        .fma(xSecond, second0);
                second1 = ((FloatVector) ByteVector.fromArray(Lanes.BYTES, codes, code + 3 * ROWS + Lanes.COUNT)
                                .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                        .fma(xSecond, second1);
            }
            at += 2 * groupColumns * ROWS;
            total0 = first0.fma(
                    ((FloatVector) ByteVector.fromArray(Lanes.BYTES, inner, innerAt)
                                    .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                            .mul(outer0),
                    total0);
            total1 = first1.fma(
                    ((FloatVector) ByteVector.fromArray(Lanes.BYTES, inner, innerAt + Lanes.COUNT)
                                    .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                            .mul(outer1),
                    total1);
            total0 = second0.fma(
                    ((FloatVector) ByteVector.fromArray(Lanes.BYTES, inner, innerAt + ROWS)
                                    .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                            .mul(outer0),
                    total0);
            total1 = second1.fma(
                    ((FloatVector) ByteVector.fromArray(Lanes.BYTES, inner, innerAt + ROWS + Lanes.COUNT)
                                    .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                            .mul(outer1),
                    total1);
            innerAt += 2 * ROWS;
        }
        total0.intoArray(y, 0);
        total1.intoArray(y, Lanes.COUNT);
    }

    /** A last group without a partner. Its codes fill whole bytes, the high nibbles being zero. */
    static void addGroup(byte[] codes, int at, int step, float[] x, int xAt, int count, float[] scales, float[] y) {
        for (int lane = 0; lane < ROWS; lane += Lanes.COUNT) {
            FloatVector sum = FloatVector.zero(Lanes.FLOATS);
            for (int column = 0; column < count; column++) {
                FloatVector value = FloatVector.broadcast(Lanes.FLOATS, x[xAt + column]);
                sum = ((FloatVector) ByteVector.fromArray(Lanes.BYTES, codes, at + column * step + lane)
                                .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                        .fma(value, sum);
            }
            sum.fma(FloatVector.fromArray(Lanes.FLOATS, scales, lane), FloatVector.fromArray(Lanes.FLOATS, y, lane))
                    .intoArray(y, lane);
        }
    }

    /** {@code y[ROWS] += Σ_group factor · half[group, ROWS] · groupSum[group]}. */
    static void addOffsets(float[] groupSums, int sumsAt, int groups, short[] halves, int at, float factor, float[] y) {
        FloatVector total0 = FloatVector.fromArray(Lanes.FLOATS, y, 0);
        FloatVector total1 = FloatVector.fromArray(Lanes.FLOATS, y, Lanes.COUNT);
        for (int group = 0; group < groups; group++) {
            FloatVector sum = FloatVector.broadcast(Lanes.FLOATS, groupSums[sumsAt + group]);
            int offset = at + group * ROWS;
            total0 = Lanes.halves(halves, offset).mul(factor).fma(sum, total0);
            total1 = Lanes.halves(halves, offset + Lanes.COUNT).mul(factor).fma(sum, total1);
        }
        total0.intoArray(y, 0);
        total1.intoArray(y, Lanes.COUNT);
    }

    /** {@code y[ROWS] += Σ_group inner[group, ROWS] · outer[ROWS] · groupSum[group]}. */
    static void addNestedOffsets(
            float[] groupSums, int sumsAt, int groups, float[] outer, byte[] inner, int innerAt, float[] y) {
        FloatVector total0 = FloatVector.fromArray(Lanes.FLOATS, y, 0);
        FloatVector total1 = FloatVector.fromArray(Lanes.FLOATS, y, Lanes.COUNT);
        FloatVector outer0 = FloatVector.fromArray(Lanes.FLOATS, outer, 0);
        FloatVector outer1 = FloatVector.fromArray(Lanes.FLOATS, outer, Lanes.COUNT);
        for (int group = 0; group < groups; group++) {
            FloatVector sum = FloatVector.broadcast(Lanes.FLOATS, groupSums[sumsAt + group]);
            int at = innerAt + group * ROWS;
            total0 = ((FloatVector) ByteVector.fromArray(Lanes.BYTES, inner, at)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(outer0)
                    .fma(sum, total0);
            total1 = ((FloatVector) ByteVector.fromArray(Lanes.BYTES, inner, at + Lanes.COUNT)
                            .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                    .mul(outer1)
                    .fma(sum, total1);
        }
        total0.intoArray(y, 0);
        total1.intoArray(y, Lanes.COUNT);
    }

    /** {@code out[column, 2, ROWS]}: gives each code a byte, what {@code count} columns of two codes hold. */
    static void splitNibbles(byte[] codes, int at, int count, byte[] out) {
        for (int i = 0; i < count * ROWS; i += ROWS) {
            ByteVector both = ByteVector.fromArray(Lanes.PANEL_BYTES, codes, at + i);
            both.and((byte) 15).intoArray(out, 2 * i);
            both.lanewise(VectorOperators.LSHR, 4).intoArray(out, 2 * i + ROWS);
        }
    }
}
