package dev.guildhall.engine.kernel;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vector shapes of this machine: 16 floats where 512-bit registers are, 8 elsewhere, and the narrower vectors of as many
 * lanes. A panel is what the matrix kernels work on: two vectors' worth of rows.
 */
final class Lanes {

    private static final boolean WIDE = FloatVector.SPECIES_PREFERRED.length() >= 16;

    static final VectorSpecies<Float> FLOATS = WIDE ? FloatVector.SPECIES_512 : FloatVector.SPECIES_256;
    static final VectorSpecies<Integer> INTS = WIDE ? IntVector.SPECIES_512 : IntVector.SPECIES_256;
    static final VectorSpecies<Short> SHORTS = WIDE ? ShortVector.SPECIES_256 : ShortVector.SPECIES_128;
    static final VectorSpecies<Byte> BYTES = WIDE ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;

    /** A byte for each row of a panel, for two groups. */
    static final VectorSpecies<Byte> PAIR_BYTES = WIDE ? ByteVector.SPECIES_512 : ByteVector.SPECIES_256;

    static final int COUNT = FLOATS.length();
    static final int PANEL_ROWS = 2 * COUNT;

    private static final int HALF_SHIFT = 13;
    private static final int HALF_MASK = 0x8fffffff;
    private static final float HALF_FACTOR = 0x1p112f;

    private Lanes() {}

    /** Signed bytes as floats. */
    static FloatVector floats(byte[] values, int at) {
        return (FloatVector) ByteVector.fromArray(BYTES, values, at).convertShape(VectorOperators.B2F, FLOATS, 0);
    }

    /** Bytes as ints from 0 to 255. */
    static IntVector unsigned(byte[] values, int at) {
        return (IntVector)
                ByteVector.fromArray(BYTES, values, at).convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
    }

    /** f16 bits as floats: see {@link #shift}. */
    static FloatVector halves(short[] values, int at) {
        return ((IntVector) ShortVector.fromArray(SHORTS, values, at).convertShape(VectorOperators.S2I, INTS, 0))
                .lanewise(VectorOperators.LSHL, HALF_SHIFT)
                .and(HALF_MASK)
                .reinterpretAsFloats()
                .mul(HALF_FACTOR);
    }

    /**
     * How the bits of an f16, or of a bf16 when it is wide, become a float: as an int they are shifted left, {@link #mask} is laid over
     * them, and the float is multiplied by {@link #factor}. For f16 that keeps the sign, moves the magnitude into place, and makes
     * up for the difference of the exponents' biases, which also puts subnormals right. Infinities and NaN, which no weight is, become
     * large numbers.
     */
    static int shift(boolean wide) {
        return wide ? Short.SIZE : HALF_SHIFT;
    }

    static int mask(boolean wide) {
        return wide ? -1 : HALF_MASK;
    }

    static float factor(boolean wide) {
        return wide ? 1 : HALF_FACTOR;
    }

    /** Floats of eight bits, four of them the exponent. */
    static FloatVector eighths(byte[] values, int at) {
        IntVector bits = unsigned(values, at);
        IntVector code = bits.and(0x7f);
        IntVector magnitude = code.lanewise(VectorOperators.LSHL, 20)
                .reinterpretAsFloats()
                .mul(0x1p120f)
                .blend(Float.NaN, code.compare(VectorOperators.EQ, 0x7f).cast(FLOATS))
                .reinterpretAsInts();
        return bits.and(0x80).lanewise(VectorOperators.LSHL, 24).or(magnitude).reinterpretAsFloats();
    }

    /** bf16 bits as floats. */
    static FloatVector brains(short[] values, int at) {
        return ((IntVector) ShortVector.fromArray(SHORTS, values, at)
                        .convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0))
                .lanewise(VectorOperators.LSHL, 16)
                .reinterpretAsFloats();
    }
}
