package dev.guildhall.engine.model;

import org.jspecify.annotations.Nullable;

/** What the decoder says about the next token, per slice and position asked for; valid until its next call. */
public final class Logits {

    /** Logits further below the largest add less to the sum than its last bit. */
    private static final float NEGLIGIBLE = 40;

    private final float[][] @Nullable [] rows; // [slice][position][vocabulary]

    /** @param rows by slice and position; null where none were asked for */
    public Logits(float[][] @Nullable [] rows) {
        this.rows = rows;
    }

    /**
     * Logits after the token at {@code position} of the slice's own tokens, counted from 0.
     *
     * @throws IllegalArgumentException when they were not asked for
     */
    public float[] row(int slice, int position) {
        float @Nullable [] row = null;
        if (position >= 0 && position < rows[slice].length) {
            row = rows[slice][position];
        }
        if (row == null) {
            throw new IllegalArgumentException("slice %d was decoded without logits for its position %d of %d"
                    .formatted(slice, position, rows[slice].length));
        }
        return row;
    }

    /** Logits after the slice's last token. */
    public float[] last(int slice) {
        return row(slice, rows[slice].length - 1);
    }

    /** What to take from a row's logits to have natural logarithms of probabilities. */
    public static double logSumExp(float[] row) {
        float top = Float.NEGATIVE_INFINITY;
        for (float logit : row) {
            top = Math.max(top, logit);
        }
        double sum = 0;
        for (float logit : row) {
            if (top - logit < NEGLIGIBLE) {
                sum += Math.exp(logit - top);
            }
        }
        return top + Math.log(sum);
    }
}
