package dev.guildhall.engine.kernel;

/** Rotary position embedding of one head; small enough for one version. */
final class Rotation {

    private Rotation() {}

    static void rotate(
            float[] x, int start, float[] cosines, float[] sines, int angle, int pairCount, RotaryPairs pairs) {
        int step = pairs == RotaryPairs.HALVES ? 1 : 2;
        int partner = pairs == RotaryPairs.HALVES ? pairCount : 1;
        for (int i = 0; i < pairCount; i++) {
            int at = start + i * step;
            float a = x[at];
            float b = x[at + partner];
            x[at] = a * cosines[angle + i] - b * sines[angle + i];
            x[at + partner] = b * cosines[angle + i] + a * sines[angle + i];
        }
    }
}
