package dev.guildhall.engine.model;

import dev.guildhall.engine.model.RotaryShape.Scales;

/** Cosines and sines of the angles by which heads turn with the position, for one factor of stretching. */
final class RotaryAngles {

    private final float[] frequencies; // [pair] radians per position
    private final double magnitude;
    private final float scoreScale;

    /**
     * Every step is rounded to f32 where the reference does: at a million positions the last bit of a frequency is seen.
     *
     * @param divisors of the frequencies; empty for none
     */
    RotaryAngles(RotaryShape shape, double factor, float[] divisors) {
        int pairs = shape.pairCount();
        frequencies = new float[pairs];
        double low = pairTurning(shape.yarn().betaFast(), shape);
        double high = pairTurning(shape.yarn().betaSlow(), shape);
        if (shape.yarn().truncated()) {
            low = Math.floor(low);
            high = Math.ceil(high);
        }
        low = Math.max(0, low);
        high = Math.min(shape.dimensions() - 1, high);
        if (low == high) {
            high += 0.001;
        }
        for (int pair = 0; pair < pairs; pair++) {
            float period = (float) Math.pow(shape.base(), 2.0f * pair / shape.dimensions());
            float trained = 1 / period;
            if (divisors.length > 0) {
                trained /= divisors[pair];
            }
            if (factor == 1) {
                frequencies[pair] = trained;
                continue;
            }
            float slowed = 1 / ((float) factor * period);
            float kept = 1 - Math.clamp((pair - (float) low) / (float) (high - low), 0f, 1f);
            frequencies[pair] = slowed * (1 - kept) + trained * kept;
        }
        magnitude = magnitude(shape, factor);
        Scales scales = shape.yarn().scales();
        scoreScale = scales == null ? 1 : (float) Math.pow(growth(factor, scales.all()), 2);
    }

    /** The pair, as a fraction, that turns so many times over the original context. */
    private static double pairTurning(double turns, RotaryShape shape) {
        return shape.dimensions()
                * Math.log(shape.originalContext() / (turns * 2 * Math.PI))
                / (2 * Math.log(shape.base()));
    }

    /** What a file gives is meant for its own factor. */
    private static double magnitude(RotaryShape shape, double factor) {
        Double given = shape.yarn().attentionFactor();
        if (given != null && factor == shape.factor()) {
            return given;
        }
        Scales scales = shape.yarn().scales();
        return scales == null || scales.rotary() == 0 || scales.all() == 0
                ? growth(factor, 1)
                : growth(factor, scales.rotary()) / growth(factor, scales.all());
    }

    private static double growth(double factor, double scale) {
        return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
    }

    /** By which scores are multiplied where the family has such a scale. */
    float scoreScale() {
        return scoreScale;
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
