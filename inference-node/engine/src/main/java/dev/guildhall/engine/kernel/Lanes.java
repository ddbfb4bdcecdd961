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

    static final int COUNT = FLOATS.length();
    static final int PANEL_ROWS = 2 * COUNT;

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

    static FloatVector floats(IntVector values) {
        return (FloatVector) values.convert(VectorOperators.I2F, 0);
    }

    /**
     * f16 bits as floats: sign and magnitude apart, the magnitude moved into place and multiplied by the difference of the
     * exponents' biases, which also puts subnormals right. Infinities and NaN, which no weight is, become large numbers.
     */
    static FloatVector halves(short[] values, int at) {
        IntVector bits = (IntVector)
                ShortVector.fromArray(SHORTS, values, at).convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
        IntVector magnitude = bits.and(0x7fff)
                .lanewise(VectorOperators.LSHL, 13)
                .reinterpretAsFloats()
                .mul(0x1p112f)
                .reinterpretAsInts();
        return bits.and(0x8000).lanewise(VectorOperators.LSHL, 16).or(magnitude).reinterpretAsFloats();
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
