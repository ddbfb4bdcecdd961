package dev.guildhall.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.guildhall.engine.kernel.RotaryPairs;
import dev.guildhall.engine.model.RotaryShape.Yarn;
import org.junit.jupiter.api.Test;

/** The rotation of Qwen3-Coder: 64 pairs, base 10⁷, trained for 262,144 positions. */
class RotaryAnglesTest {

    private static final int PAIRS = 64;
    private static final RotaryShape SHAPE =
            new RotaryShape(2 * PAIRS, RotaryPairs.HALVES, 1e7, 262_144, Yarn.DEFAULT, 1);

    private final float[] cosines = new float[PAIRS];
    private final float[] sines = new float[PAIRS];

    @Test
    void turnsAsTrainedWithoutStretching() {
        write(1, new float[0]);
        for (int pair = 0; pair < PAIRS; pair++) {
            assertThat(angle(pair)).isCloseTo(trained(pair), within(1e-6 * trained(pair)));
            assertThat(magnitude(pair)).isCloseTo(1, within(1e-6));
        }
    }

    @Test
    void slowsTheSlowPairsAndThoseBetweenInPart() {
        write(4, new float[0]);
        for (int pair = 0; pair < PAIRS; pair++) {
            // Pair 28 turns 32 times over the trained context, pair 43 once.
            double slowed = Math.clamp((pair - 28) / 15.0, 0.0, 1.0);
            double expected = trained(pair) * (slowed / 4 + 1 - slowed);
            assertThat(angle(pair)).as("pair %d", pair).isCloseTo(expected, within(1e-5 * expected));
            assertThat(magnitude(pair)).isCloseTo(1.138629, within(1e-5));
        }
    }

    @Test
    void takesTheFilesAttentionFactorUnderItsOwnFactorOnly() {
        RotaryShape shape =
                new RotaryShape(2 * PAIRS, RotaryPairs.HALVES, 1e7, 262_144, new Yarn(32, 1, true, 1.5, null), 4);
        new RotaryAngles(shape, 4, new float[0]).write(1, cosines, sines, 0);
        assertThat(magnitude(0)).isCloseTo(1.5, within(1e-6));
        new RotaryAngles(shape, 2, new float[0]).write(1, cosines, sines, 0);
        assertThat(magnitude(0)).isCloseTo(1 + 0.1 * Math.log(2), within(1e-6));
    }

    @Test
    void dividesByTheFilesOwnFactors() {
        float[] divisors = new float[PAIRS];
        for (int pair = 0; pair < PAIRS; pair++) {
            divisors[pair] = 1 + pair;
        }
        write(1, divisors);
        assertThat(angle(9)).isCloseTo(trained(9) / 10, within(1e-7));
    }

    private void write(double factor, float[] divisors) {
        new RotaryAngles(SHAPE, factor, divisors).write(1, cosines, sines, 0);
    }

    private static double trained(int pair) {
        return Math.pow(1e7, -(double) pair / PAIRS);
    }

    private double angle(int pair) {
        return Math.atan2(sines[pair], cosines[pair]);
    }

    private double magnitude(int pair) {
        return Math.hypot(sines[pair], cosines[pair]);
    }
}
