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

    private static final int EACH_BYTE = 0x01010101;

    private CodeProducts() {}

    /** {@code y[ROWS] += Σ_group scale[group, ROWS] · Σ_column code[column, ROWS] · x[column]}, two columns to a byte; pairs of groups. */
    static void addNibbles(
            byte[] codes, int at, float[] x, int xAt, int count, short[] scales, int scaleAt, boolean wide, float[] y) {
        FloatVector total0 = FloatVector.fromArray(Lanes.FLOATS, y, 0);
        FloatVector total1 = FloatVector.fromArray(Lanes.FLOATS, y, Lanes.COUNT);
        int shift = Lanes.shift(wide);
        int mask = Lanes.mask(wide);
        float factor = Lanes.factor(wide);
        for (int group = xAt; group < xAt + count; group += 2 * NIBBLE_GROUP) {
            FloatVector first0 = FloatVector.zero(Lanes.FLOATS);
            FloatVector first1 = FloatVector.zero(Lanes.FLOATS);
            FloatVector second0 = FloatVector.zero(Lanes.FLOATS);
            FloatVector second1 = FloatVector.zero(Lanes.FLOATS);
            for (int i = 0; i < NIBBLE_GROUP; i += 2) {
                int code = at + i * ROWS;
                IntVector codes0 = (IntVector) ByteVector.fromArray(Lanes.BYTES, codes, code)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, Lanes.INTS, 0);
                IntVector codes1 = (IntVector) ByteVector.fromArray(Lanes.BYTES, codes, code + Lanes.COUNT)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, Lanes.INTS, 0);
                FloatVector xEven = FloatVector.broadcast(Lanes.FLOATS, x[group + i]);
                FloatVector xOdd = FloatVector.broadcast(Lanes.FLOATS, x[group + i + 1]);
                first0 = ((FloatVector) codes0.and(15).convert(VectorOperators.I2F, 0)).fma(xEven, first0);
                first1 = ((FloatVector) codes1.and(15).convert(VectorOperators.I2F, 0)).fma(xEven, first1);
                first0 = ((FloatVector) codes0.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                        .fma(xOdd, first0);
                first1 = ((FloatVector) codes1.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                        .fma(xOdd, first1);
                codes0 = (IntVector) ByteVector.fromArray(Lanes.BYTES, codes, code + ROWS)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, Lanes.INTS, 0);
                codes1 = (IntVector) ByteVector.fromArray(Lanes.BYTES, codes, code + ROWS + Lanes.COUNT)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, Lanes.INTS, 0);
                xEven = FloatVector.broadcast(Lanes.FLOATS, x[group + i + NIBBLE_GROUP]);
                xOdd = FloatVector.broadcast(Lanes.FLOATS, x[group + i + NIBBLE_GROUP + 1]);
                second0 = ((FloatVector) codes0.and(15).convert(VectorOperators.I2F, 0)).fma(xEven, second0);
                second1 = ((FloatVector) codes1.and(15).convert(VectorOperators.I2F, 0)).fma(xEven, second1);
                second0 = ((FloatVector)
                                codes0.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                        .fma(xOdd, second0);
                second1 = ((FloatVector)
                                codes1.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                        .fma(xOdd, second1);
            }
            at += NIBBLE_GROUP * ROWS;
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

    /** {@code y[ROWS] += Σ_group inner[group, ROWS] · outer[ROWS] · Σ_column code[column, ROWS] · x[column]}, two columns to a byte; one block. */
    static void addNestedNibbles(
            byte[] codes, int at, float[] x, int xAt, int count, float[] outer, byte[] inner, int innerAt, float[] y) {
        FloatVector total0 = FloatVector.fromArray(Lanes.FLOATS, y, 0);
        FloatVector total1 = FloatVector.fromArray(Lanes.FLOATS, y, Lanes.COUNT);
        FloatVector outer0 = FloatVector.fromArray(Lanes.FLOATS, outer, 0);
        FloatVector outer1 = FloatVector.fromArray(Lanes.FLOATS, outer, Lanes.COUNT);
        for (int group = xAt; group < xAt + count; group += 2 * NIBBLE_GROUP) {
            FloatVector first0 = FloatVector.zero(Lanes.FLOATS);
            FloatVector first1 = FloatVector.zero(Lanes.FLOATS);
            FloatVector second0 = FloatVector.zero(Lanes.FLOATS);
            FloatVector second1 = FloatVector.zero(Lanes.FLOATS);
            for (int i = 0; i < NIBBLE_GROUP; i += 2) {
                int code = at + i * ROWS;
                IntVector codes0 = (IntVector) ByteVector.fromArray(Lanes.BYTES, codes, code)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, Lanes.INTS, 0);
                IntVector codes1 = (IntVector) ByteVector.fromArray(Lanes.BYTES, codes, code + Lanes.COUNT)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, Lanes.INTS, 0);
                FloatVector xEven = FloatVector.broadcast(Lanes.FLOATS, x[group + i]);
                FloatVector xOdd = FloatVector.broadcast(Lanes.FLOATS, x[group + i + 1]);
                first0 = ((FloatVector) codes0.and(15).convert(VectorOperators.I2F, 0)).fma(xEven, first0);
                first1 = ((FloatVector) codes1.and(15).convert(VectorOperators.I2F, 0)).fma(xEven, first1);
                first0 = ((FloatVector) codes0.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                        .fma(xOdd, first0);
                first1 = ((FloatVector) codes1.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                        .fma(xOdd, first1);
                codes0 = (IntVector) ByteVector.fromArray(Lanes.BYTES, codes, code + ROWS)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, Lanes.INTS, 0);
                codes1 = (IntVector) ByteVector.fromArray(Lanes.BYTES, codes, code + ROWS + Lanes.COUNT)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, Lanes.INTS, 0);
                xEven = FloatVector.broadcast(Lanes.FLOATS, x[group + i + NIBBLE_GROUP]);
                xOdd = FloatVector.broadcast(Lanes.FLOATS, x[group + i + NIBBLE_GROUP + 1]);
                second0 = ((FloatVector) codes0.and(15).convert(VectorOperators.I2F, 0)).fma(xEven, second0);
                second1 = ((FloatVector) codes1.and(15).convert(VectorOperators.I2F, 0)).fma(xEven, second1);
                second0 = ((FloatVector)
                                codes0.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                        .fma(xOdd, second0);
                second1 = ((FloatVector)
                                codes1.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0))
                        .fma(xOdd, second1);
            }
            at += NIBBLE_GROUP * ROWS;
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

    /** A last group without a partner, a byte to a column. */
    static void addGroup(
            byte[] codes, int at, float[] x, int xAt, int count, float[] scales, int scaleAt, float[] y, int yAt) {
        for (int lane = 0; lane < ROWS; lane += Lanes.COUNT) {
            FloatVector sum = FloatVector.zero(Lanes.FLOATS);
            for (int column = 0; column < count; column++) {
                FloatVector value = FloatVector.broadcast(Lanes.FLOATS, x[xAt + column]);
                sum = ((FloatVector) ByteVector.fromArray(Lanes.BYTES, codes, at + column * 2 * ROWS + lane)
                                .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0))
                        .fma(value, sum);
            }
            sum.fma(
                            FloatVector.fromArray(Lanes.FLOATS, scales, scaleAt + lane),
                            FloatVector.fromArray(Lanes.FLOATS, y, yAt + lane))
                    .intoArray(y, yAt + lane);
        }
    }

    /**
     * {@code y[2][ROWS] += Σ_group scale[group, ROWS] · Σ_column code[column, ROWS] · x[2][column]}, two columns to a byte; pairs of
     * groups.
     *
     * @param xAt where the first row begins, {@code otherAt} the second
     */
    static void addNibblesToTwo(
            byte[] codes, int at, float[] x, int xAt, int otherAt, int count, float[] scales, float[] y) {
        FloatVector total0 = FloatVector.fromArray(Lanes.FLOATS, y, 0);
        FloatVector total1 = FloatVector.fromArray(Lanes.FLOATS, y, Lanes.COUNT);
        FloatVector other0 = FloatVector.fromArray(Lanes.FLOATS, y, ROWS);
        FloatVector other1 = FloatVector.fromArray(Lanes.FLOATS, y, ROWS + Lanes.COUNT);
        int scaleAt = 0;
        for (int group = 0; group < count; group += 2 * NIBBLE_GROUP) {
            FloatVector first0 = FloatVector.zero(Lanes.FLOATS);
            FloatVector first1 = FloatVector.zero(Lanes.FLOATS);
            FloatVector second0 = FloatVector.zero(Lanes.FLOATS);
            FloatVector second1 = FloatVector.zero(Lanes.FLOATS);
            FloatVector otherFirst0 = FloatVector.zero(Lanes.FLOATS);
            FloatVector otherFirst1 = FloatVector.zero(Lanes.FLOATS);
            FloatVector otherSecond0 = FloatVector.zero(Lanes.FLOATS);
            FloatVector otherSecond1 = FloatVector.zero(Lanes.FLOATS);
            for (int i = 0; i < NIBBLE_GROUP; i += 2) {
                int code = at + i * ROWS;
                IntVector both0 = (IntVector) ByteVector.fromArray(Lanes.BYTES, codes, code)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, Lanes.INTS, 0);
                IntVector both1 = (IntVector) ByteVector.fromArray(Lanes.BYTES, codes, code + Lanes.COUNT)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, Lanes.INTS, 0);
                FloatVector code0 = (FloatVector) both0.and(15).convert(VectorOperators.I2F, 0);
                FloatVector code1 = (FloatVector) both1.and(15).convert(VectorOperators.I2F, 0);
                FloatVector value = FloatVector.broadcast(Lanes.FLOATS, x[xAt + group + i]);
                first0 = code0.fma(value, first0);
                first1 = code1.fma(value, first1);
                value = FloatVector.broadcast(Lanes.FLOATS, x[otherAt + group + i]);
                otherFirst0 = code0.fma(value, otherFirst0);
                otherFirst1 = code1.fma(value, otherFirst1);
                code0 = (FloatVector) both0.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0);
                code1 = (FloatVector) both1.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0);
                value = FloatVector.broadcast(Lanes.FLOATS, x[xAt + group + i + 1]);
                first0 = code0.fma(value, first0);
                first1 = code1.fma(value, first1);
                value = FloatVector.broadcast(Lanes.FLOATS, x[otherAt + group + i + 1]);
                otherFirst0 = code0.fma(value, otherFirst0);
                otherFirst1 = code1.fma(value, otherFirst1);
                both0 = (IntVector) ByteVector.fromArray(Lanes.BYTES, codes, code + ROWS)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, Lanes.INTS, 0);
                both1 = (IntVector) ByteVector.fromArray(Lanes.BYTES, codes, code + ROWS + Lanes.COUNT)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, Lanes.INTS, 0);
                code0 = (FloatVector) both0.and(15).convert(VectorOperators.I2F, 0);
                code1 = (FloatVector) both1.and(15).convert(VectorOperators.I2F, 0);
                value = FloatVector.broadcast(Lanes.FLOATS, x[xAt + group + i + NIBBLE_GROUP]);
                second0 = code0.fma(value, second0);
                second1 = code1.fma(value, second1);
                value = FloatVector.broadcast(Lanes.FLOATS, x[otherAt + group + i + NIBBLE_GROUP]);
                otherSecond0 = code0.fma(value, otherSecond0);
                otherSecond1 = code1.fma(value, otherSecond1);
                code0 = (FloatVector) both0.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0);
                code1 = (FloatVector) both1.lanewise(VectorOperators.LSHR, 4).convert(VectorOperators.I2F, 0);
                value = FloatVector.broadcast(Lanes.FLOATS, x[xAt + group + i + NIBBLE_GROUP + 1]);
                second0 = code0.fma(value, second0);
                second1 = code1.fma(value, second1);
                value = FloatVector.broadcast(Lanes.FLOATS, x[otherAt + group + i + NIBBLE_GROUP + 1]);
                otherSecond0 = code0.fma(value, otherSecond0);
                otherSecond1 = code1.fma(value, otherSecond1);
            }
            at += NIBBLE_GROUP * ROWS;
            FloatVector scale0 = FloatVector.fromArray(Lanes.FLOATS, scales, scaleAt);
            FloatVector scale1 = FloatVector.fromArray(Lanes.FLOATS, scales, scaleAt + Lanes.COUNT);
            total0 = first0.fma(scale0, total0);
            total1 = first1.fma(scale1, total1);
            other0 = otherFirst0.fma(scale0, other0);
            other1 = otherFirst1.fma(scale1, other1);
            scale0 = FloatVector.fromArray(Lanes.FLOATS, scales, scaleAt + ROWS);
            scale1 = FloatVector.fromArray(Lanes.FLOATS, scales, scaleAt + ROWS + Lanes.COUNT);
            total0 = second0.fma(scale0, total0);
            total1 = second1.fma(scale1, total1);
            other0 = otherSecond0.fma(scale0, other0);
            other1 = otherSecond1.fma(scale1, other1);
            scaleAt += 2 * ROWS;
        }
        total0.intoArray(y, 0);
        total1.intoArray(y, Lanes.COUNT);
        other0.intoArray(y, ROWS);
        other1.intoArray(y, ROWS + Lanes.COUNT);
    }

    /**
     * {@code y[2][ROWS] += Σ_group scale[group, ROWS] · Σ_column code[column, ROWS] · x[2][column]}, a byte to a column; pairs of
     * groups.
     *
     * @param xAt where the first row begins, {@code otherAt} the second
     */
    static void addBytesToTwo(
            byte[] codes,
            int at,
            float[] x,
            int xAt,
            int otherAt,
            int count,
            int groupColumns,
            float[] scales,
            float[] y) {
        FloatVector total0 = FloatVector.fromArray(Lanes.FLOATS, y, 0);
        FloatVector total1 = FloatVector.fromArray(Lanes.FLOATS, y, Lanes.COUNT);
        FloatVector other0 = FloatVector.fromArray(Lanes.FLOATS, y, ROWS);
        FloatVector other1 = FloatVector.fromArray(Lanes.FLOATS, y, ROWS + Lanes.COUNT);
        int scaleAt = 0;
        for (int group = 0; group < count; group += 2 * groupColumns) {
            FloatVector first0 = FloatVector.zero(Lanes.FLOATS);
            FloatVector first1 = FloatVector.zero(Lanes.FLOATS);
            FloatVector second0 = FloatVector.zero(Lanes.FLOATS);
            FloatVector second1 = FloatVector.zero(Lanes.FLOATS);
            FloatVector otherFirst0 = FloatVector.zero(Lanes.FLOATS);
            FloatVector otherFirst1 = FloatVector.zero(Lanes.FLOATS);
            FloatVector otherSecond0 = FloatVector.zero(Lanes.FLOATS);
            FloatVector otherSecond1 = FloatVector.zero(Lanes.FLOATS);
            for (int i = 0; i < groupColumns; i++) {
                int code = at + i * 2 * ROWS;
                FloatVector code0 = (FloatVector) ByteVector.fromArray(Lanes.BYTES, codes, code)
                        .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0);
                FloatVector code1 = (FloatVector) ByteVector.fromArray(Lanes.BYTES, codes, code + Lanes.COUNT)
                        .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0);
                FloatVector value = FloatVector.broadcast(Lanes.FLOATS, x[xAt + group + i]);
                first0 = code0.fma(value, first0);
                first1 = code1.fma(value, first1);
                value = FloatVector.broadcast(Lanes.FLOATS, x[otherAt + group + i]);
                otherFirst0 = code0.fma(value, otherFirst0);
                otherFirst1 = code1.fma(value, otherFirst1);
                code0 = (FloatVector) ByteVector.fromArray(Lanes.BYTES, codes, code + ROWS)
                        .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0);
                code1 = (FloatVector) ByteVector.fromArray(Lanes.BYTES, codes, code + ROWS + Lanes.COUNT)
                        .convertShape(VectorOperators.B2F, Lanes.FLOATS, 0);
                value = FloatVector.broadcast(Lanes.FLOATS, x[xAt + group + i + groupColumns]);
                second0 = code0.fma(value, second0);
                second1 = code1.fma(value, second1);
                value = FloatVector.broadcast(Lanes.FLOATS, x[otherAt + group + i + groupColumns]);
                otherSecond0 = code0.fma(value, otherSecond0);
                otherSecond1 = code1.fma(value, otherSecond1);
            }
            at += 2 * groupColumns * ROWS;
            FloatVector scale0 = FloatVector.fromArray(Lanes.FLOATS, scales, scaleAt);
            FloatVector scale1 = FloatVector.fromArray(Lanes.FLOATS, scales, scaleAt + Lanes.COUNT);
            total0 = first0.fma(scale0, total0);
            total1 = first1.fma(scale1, total1);
            other0 = otherFirst0.fma(scale0, other0);
            other1 = otherFirst1.fma(scale1, other1);
            scale0 = FloatVector.fromArray(Lanes.FLOATS, scales, scaleAt + ROWS);
            scale1 = FloatVector.fromArray(Lanes.FLOATS, scales, scaleAt + ROWS + Lanes.COUNT);
            total0 = second0.fma(scale0, total0);
            total1 = second1.fma(scale1, total1);
            other0 = otherSecond0.fma(scale0, other0);
            other1 = otherSecond1.fma(scale1, other1);
            scaleAt += 2 * ROWS;
        }
        total0.intoArray(y, 0);
        total1.intoArray(y, Lanes.COUNT);
        other0.intoArray(y, ROWS);
        other1.intoArray(y, ROWS + Lanes.COUNT);
    }

    /** {@code y[ROWS] += Σ_group offset[group, ROWS] · groupSum[group]}. */
    static void addOffsets(float[] groupSums, int sumsAt, int groups, float[] offsets, float[] y, int yAt) {
        FloatVector total0 = FloatVector.fromArray(Lanes.FLOATS, y, yAt);
        FloatVector total1 = FloatVector.fromArray(Lanes.FLOATS, y, yAt + Lanes.COUNT);
        for (int group = 0; group < groups; group++) {
            FloatVector sum = FloatVector.broadcast(Lanes.FLOATS, groupSums[sumsAt + group]);
            total0 = FloatVector.fromArray(Lanes.FLOATS, offsets, group * ROWS).fma(sum, total0);
            total1 = FloatVector.fromArray(Lanes.FLOATS, offsets, group * ROWS + Lanes.COUNT)
                    .fma(sum, total1);
        }
        total0.intoArray(y, yAt);
        total1.intoArray(y, yAt + Lanes.COUNT);
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

    /**
     * {@code out[pair, column, 2, ROWS] = code - zeroPoint}: gives each code of pairs of groups a byte.
     *
     * @param fiveBits whether {@link ByteLanes#pack} put the fifth bits of eight columns before their nibbles
     */
    static void split(byte[] codes, int at, int pairs, int groupColumns, boolean fiveBits, int zeroPoint, byte[] out) {
        int outEnd = pairs * groupColumns * 2 * ROWS;
        IntVector fifths = IntVector.zero(Lanes.INTS);
        for (int outAt = 0; outAt < outEnd; ) {
            if (fiveBits) {
                // The first column's goes to where its nibble ends.
                fifths = ByteVector.fromArray(Lanes.PAIR_BYTES, codes, at)
                        .reinterpretAsInts()
                        .lanewise(VectorOperators.ROL, 4);
                at += 2 * ROWS;
            }
            for (int i = 0; i < ByteLanes.COUNT; i += 2) {
                IntVector both =
                        ByteVector.fromArray(Lanes.PAIR_BYTES, codes, at).reinterpretAsInts();
                at += 2 * ROWS;
                both.and(EACH_BYTE * 15)
                        .or(fifths.and(EACH_BYTE * 16))
                        .reinterpretAsBytes()
                        .sub((byte) zeroPoint)
                        .intoArray(out, outAt);
                both.lanewise(VectorOperators.LSHR, 4)
                        .and(EACH_BYTE * 15)
                        .or(fifths.lanewise(VectorOperators.LSHR, 1).and(EACH_BYTE * 16))
                        .reinterpretAsBytes()
                        .sub((byte) zeroPoint)
                        .intoArray(out, outAt + 2 * ROWS);
                fifths = fifths.lanewise(VectorOperators.ROR, 2);
                outAt += 4 * ROWS;
            }
        }
    }

    /**
     * {@code out[pair, column, 2, ROWS] = code - zeroPoint}, as {@link #split} for codes of two bits, or of three.
     *
     * @param threeBits whether {@link ByteLanes#pack} put the third bits of eight columns before the others
     */
    static void splitPairs(
            byte[] codes, int at, int pairs, int groupColumns, boolean threeBits, int zeroPoint, byte[] out) {
        int outEnd = pairs * groupColumns * 2 * ROWS;
        IntVector thirds = IntVector.zero(Lanes.INTS);
        for (int outAt = 0; outAt < outEnd; ) {
            if (threeBits) {
                // The first column's goes to where its other bits end.
                thirds = ByteVector.fromArray(Lanes.PAIR_BYTES, codes, at)
                        .reinterpretAsInts()
                        .lanewise(VectorOperators.ROL, 2);
                at += 2 * ROWS;
            }
            for (int i = 0; i < ByteLanes.COUNT; i += 4) {
                IntVector four =
                        ByteVector.fromArray(Lanes.PAIR_BYTES, codes, at).reinterpretAsInts();
                at += 2 * ROWS;
                for (int column = 0; column < 4; column++) {
                    four.and(EACH_BYTE * 3)
                            .or(thirds.and(EACH_BYTE * 4))
                            .reinterpretAsBytes()
                            .sub((byte) zeroPoint)
                            .intoArray(out, outAt);
                    four = four.lanewise(VectorOperators.LSHR, 2);
                    thirds = thirds.lanewise(VectorOperators.ROR, 1);
                    outAt += 2 * ROWS;
                }
            }
        }
    }

    /** {@code out[pair, column, 2, ROWS] = table[code]}, of nibbles; the table is repeated as often as a vector is long. */
    static void lookUp(byte[] codes, int at, int pairs, int groupColumns, byte[] table, byte[] out) {
        ByteVector numbers = ByteVector.fromArray(Lanes.PAIR_BYTES, table, 0);
        int outEnd = pairs * groupColumns * 2 * ROWS;
        for (int outAt = 0; outAt < outEnd; outAt += 4 * ROWS) {
            IntVector both = ByteVector.fromArray(Lanes.PAIR_BYTES, codes, at).reinterpretAsInts();
            at += 2 * ROWS;
            both.and(EACH_BYTE * 15).reinterpretAsBytes().selectFrom(numbers).intoArray(out, outAt);
            both.lanewise(VectorOperators.LSHR, 4)
                    .and(EACH_BYTE * 15)
                    .reinterpretAsBytes()
                    .selectFrom(numbers)
                    .intoArray(out, outAt + 2 * ROWS);
        }
    }
}
