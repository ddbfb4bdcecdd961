package dev.guildhall.engine.model;

import java.util.Arrays;

/**
 * Which experts the tokens of a chunk go to. Each pair of a token and one of its experts is a row; rows are ordered by expert,
 * so that each expert's weights are read once for all of its tokens.
 */
final class Routing {

    private final int[] tokens; // [row]
    private final int[] firstRows; // [expert + 1]
    private final int[] rows; // [token, rank]
    private final float[] weights; // [token, rank]

    /** @param logits of the router, {@code [token, expert]} */
    Routing(float[] logits, int tokenCount, Experts experts) {
        int perToken = experts.perToken();
        int[] chosen = new int[tokenCount * perToken]; // [token, rank] expert
        weights = new float[tokenCount * perToken];
        firstRows = new int[experts.count() + 1];
        for (int token = 0; token < tokenCount; token++) {
            choose(logits, token, experts, chosen);
        }
        for (int expert : chosen) {
            firstRows[expert + 1]++;
        }
        for (int expert = 0; expert < experts.count(); expert++) {
            firstRows[expert + 1] += firstRows[expert];
        }
        int[] next = firstRows.clone();
        tokens = new int[chosen.length];
        rows = new int[chosen.length];
        for (int i = 0; i < chosen.length; i++) {
            rows[i] = next[chosen[i]]++;
            tokens[rows[i]] = i / perToken;
        }
    }

    /** The likeliest experts under softmax over all of them. */
    private void choose(float[] logits, int token, Experts experts, int[] chosen) {
        float[] scores = Arrays.copyOfRange(logits, token * experts.count(), (token + 1) * experts.count());
        float max = Float.NEGATIVE_INFINITY;
        for (float score : scores) {
            max = Math.max(max, score);
        }
        float total = 0;
        for (int expert = 0; expert < scores.length; expert++) {
            float score = (float) Math.exp(scores[expert] - max);
            // What is no number must not be chosen twice.
            scores[expert] = Float.isNaN(score) ? 0 : score;
            total += scores[expert];
        }
        float chosenTotal = 0;
        int from = token * experts.perToken();
        int to = from + experts.perToken();
        for (int i = from; i < to; i++) {
            chosen[i] = largest(scores);
            weights[i] = scores[chosen[i]];
            chosenTotal += weights[i];
            scores[chosen[i]] = -1;
        }
        for (int i = from; i < to; i++) {
            weights[i] /= experts.renormalized() ? chosenTotal : total;
        }
    }

    private static int largest(float[] scores) {
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            if (scores[i] > scores[best]) {
                best = i;
            }
        }
        return best;
    }

    int rowCount() {
        return tokens.length;
    }

    /** The token that a row belongs to. */
    int token(int row) {
        return tokens[row];
    }

    int firstRow(int expert) {
        return firstRows[expert];
    }

    int rowCount(int expert) {
        return firstRows[expert + 1] - firstRows[expert];
    }

    /** {@code [token, rank]}: the rows of each token. */
    int[] rows() {
        return rows;
    }

    /** {@code [token, rank]}: how much each counts. */
    float[] weights() {
        return weights;
    }
}
