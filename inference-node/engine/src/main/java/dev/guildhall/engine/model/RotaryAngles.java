package dev.guildhall.engine.model;

/** Cosines and sines of the angles by which heads turn with the position, for one factor of stretching. */
final class RotaryAngles {

    private final float[] frequencies; // [pair] radians per position
    private final double magnitude;

    /** @param divisors of the frequencies; empty for none */
    RotaryAngles(RotaryShape shape, double factor, float[] divisors) {
        int pairs = shape.pairCount();
        frequencies = new float[pairs];
        double low = Math.max(0, Math.floor(pairTurning(shape.yarn().betaFast(), shape)));
        double high = Math.min(
                shape.dimensions() - 1, Math.ceil(pairTurning(shape.yarn().betaSlow(), shape)));
        if (low == high) {
            high += 0.001;
        }
        for (int pair = 0; pair < pairs; pair++) {
            double frequency = 1 / Math.pow(shape.base(), 2.0 * pair / shape.dimensions());
            if (divisors.length > 0) {
                frequency /= divisors[pair];
            }
            if (factor != 1) {
                double slowed = Math.clamp((pair - low) / (high - low), 0.0, 1.0);
                frequency = frequency / factor * slowed + frequency * (1 - slowed);
            }
            frequencies[pair] = (float) frequency;
        }
        magnitude = magnitude(shape, factor);
    }

    /** The pair, as a fraction, that turns so many times over the original context. */
    private static double pairTurning(double turns, RotaryShape shape) {
        return shape.dimensions()
                * Math.log(shape.originalContext() / (turns * 2 * Math.PI))
                / (2 * Math.log(shape.base()));
    }

    /** What a file gives is meant for its own factor. */
    private static double magnitude(RotaryShape shape, double factor) {
        if (factor == 1) {
            return 1;
        }
        Double given = shape.yarn().attentionFactor();
        return given != null && factor == shape.factor() ? given : 0.1 * Math.log(factor) + 1;
    }

    /** Writes the row of {@code position} at {@code row}; the angle is rounded to f32, as in transformers. */
    void write(int position, float[] cosines, float[] sines, int row) {
        for (int pair = 0; pair < frequencies.length; pair++) {
            float angle = position * frequencies[pair];
            cosines[row * frequencies.length + pair] = (float) (magnitude * Math.cos(angle));
            sines[row * frequencies.length + pair] = (float) (magnitude * Math.sin(angle));
        }
    }
}
