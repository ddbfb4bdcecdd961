package dev.guildhall.engine.model;

/** Cosines and sines of the angles by which heads turn with the position. */
final class RotaryAngles {

    private final float[] frequencies; // [pair] radians per position

    /** @param factors divide the frequencies; empty for none */
    RotaryAngles(int dimensions, double base, float[] factors) {
        frequencies = new float[dimensions / 2];
        for (int pair = 0; pair < frequencies.length; pair++) {
            double frequency = 1 / Math.pow(base, 2.0 * pair / dimensions);
            frequencies[pair] = (float) (factors.length == 0 ? frequency : frequency / factors[pair]);
        }
    }

    int pairCount() {
        return frequencies.length;
    }

    /** Writes the row of {@code position} at {@code row}; the angle is rounded to f32, as in transformers. */
    void write(int position, float[] cosines, float[] sines, int row) {
        for (int pair = 0; pair < frequencies.length; pair++) {
            float angle = position * frequencies[pair];
            cosines[row * frequencies.length + pair] = (float) Math.cos(angle);
            sines[row * frequencies.length + pair] = (float) Math.sin(angle);
        }
    }
}
