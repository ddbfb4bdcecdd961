package dev.guildhall.engine.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** The exponential function, which the Vector API has only where the platform brings it along. */
final class VectorMath {

    /** Below it the result would be subnormal: it is taken as zero. */
    private static final float EXPONENT_MIN = -87.33654f;

    private static final float EXPONENT_MAX = 88.37f;
    private static final float LOG2_E = 1.442695f;
    /** ln 2 in two parts, of which the first has few bits, so that its product with a whole number is exact. */
    private static final float LN2_HIGH = 0x1.63p-1f;

    private static final float LN2_LOW = -2.1219444e-4f;
    /** Added and subtracted, it rounds to a whole number, which is left in the low bits in between. */
    private static final float ROUNDER = 0x1.8p23f;

    private VectorMath() {}

    /**
     * {@code e^x} to about 2 units in the last place: with {@code x = n · ln 2 + r}, {@code 2^n} goes into the exponent and
     * {@code e^r} is a polynomial (Cephes).
     */
    static FloatVector exp(FloatVector x) {
        FloatVector clamped = x.min(EXPONENT_MAX).max(EXPONENT_MIN);
        FloatVector rounded =
                clamped.fma(FloatVector.broadcast(Lanes.FLOATS, LOG2_E), FloatVector.broadcast(Lanes.FLOATS, ROUNDER));
        FloatVector n = rounded.sub(ROUNDER);
        FloatVector r = n.fma(FloatVector.broadcast(Lanes.FLOATS, -LN2_HIGH), clamped);
        r = n.fma(FloatVector.broadcast(Lanes.FLOATS, -LN2_LOW), r);

        FloatVector p = FloatVector.broadcast(Lanes.FLOATS, 0.00019875691f);
        p = p.fma(r, FloatVector.broadcast(Lanes.FLOATS, 0.0013981999f));
        p = p.fma(r, FloatVector.broadcast(Lanes.FLOATS, 0.008333452f));
        p = p.fma(r, FloatVector.broadcast(Lanes.FLOATS, 0.041665796f));
        p = p.fma(r, FloatVector.broadcast(Lanes.FLOATS, 0.16666666f));
        p = p.fma(r, FloatVector.broadcast(Lanes.FLOATS, 0.5f));
        p = p.fma(r.mul(r), r.add(1));

        IntVector exponent = rounded.reinterpretAsInts()
                .sub(Float.floatToRawIntBits(ROUNDER))
                .add(127)
                .lanewise(VectorOperators.LSHL, 23);
        FloatVector result = p.mul(exponent.reinterpretAsFloats());
        return result.blend(0, x.compare(VectorOperators.LT, EXPONENT_MIN));
    }
}
