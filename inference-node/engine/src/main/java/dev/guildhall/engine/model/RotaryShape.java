package dev.guildhall.engine.model;

import dev.guildhall.engine.kernel.RotaryPairs;
import org.jspecify.annotations.Nullable;

/**
 * How heads turn with the position.
 *
 * @param dimensions elements of a head that turn
 * @param pairs which of them turn together
 * @param base the slowest pair turns once in about {@code 2π · base} positions
 * @param originalContext positions that the model was trained for before its context was stretched
 * @param yarn how the context is stretched
 * @param factor by which it is unless somebody asks otherwise; 1 for not at all
 */
public record RotaryShape(
        int dimensions, RotaryPairs pairs, double base, int originalContext, Yarn yarn, double factor) {

    /** Largest stretching that makes any sense. */
    public static final int FACTOR_MAX = 1024;

    /**
     * YaRN: fast pairs turn as trained, slow ones slower by the factor, those between in between.
     *
     * @param betaFast pairs that turn more often than this over the original context stay as they are
     * @param betaSlow pairs that turn less often are slowed by the whole factor
     * @param truncated whether what lies between begins and ends at whole pairs
     * @param attentionFactor multiplies cosines and sines under the file's own factor; null for what follows from the scales
     * @param scales how a family that has them divides the growth of scores between what turns and all
     */
    public record Yarn(
            double betaFast,
            double betaSlow,
            boolean truncated,
            @Nullable Double attentionFactor,
            @Nullable Scales scales) {

        static final Yarn DEFAULT = new Yarn(32, 1, true, null, null);
    }

    /**
     * {@code mscale} and {@code mscale_all_dim}: cosines and sines grow by {@code growth(rotary) / growth(all)}, scores of latent
     * attention by {@code growth(all)²}, where {@code growth(s) = 0.1 · s · ln(factor) + 1}.
     */
    public record Scales(double rotary, double all) {}

    int pairCount() {
        return dimensions / 2;
    }
}
