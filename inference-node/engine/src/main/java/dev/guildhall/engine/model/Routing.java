package dev.guildhall.engine.model;

import dev.guildhall.engine.model.Experts.Router;
import java.util.Arrays;

/**
 * Which experts the tokens of a chunk go to. Each pair of a token and one of its experts is a row; rows are ordered by expert,
 * so that each expert's weights are read once for all of its tokens.
 */
final class Routing {

    /** Where a score is no number: last of all that can still be chosen. */
    private static final float LAST = -Float.MAX_VALUE;

    private static final float OUT = Float.NEGATIVE_INFINITY;

    private final int[] tokens; // [row]
    private final int[] firstRows; // [expert + 1]
    private final int[] rows; // [token, rank]
    private final float[] weights; // [token, rank]

    /**
     * @param logits of the router, {@code [token, expert]}
     * @param bias of each expert, which counts in the choice and not in the weight; empty for none
     */
    Routing(float[] logits, int tokenCount, Experts experts, float[] bias) {
        int perToken = experts.perToken();
        int[] chosen = new int[tokenCount * perToken]; // [token, rank] expert
        weights = new float[tokenCount * perToken];
        firstRows = new int[experts.count() + 1];
        for (int token = 0; token < tokenCount; token++) {
            choose(logits, token, experts, bias, chosen);
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

    private void choose(float[] logits, int token, Experts experts, float[] bias, int[] chosen) {
        Router router = experts.router();
        float[] scores = Arrays.copyOfRange(logits, token * experts.count(), (token + 1) * experts.count());
        switch (router.scores()) {
            case SOFTMAX -> softmax(scores);
            case SIGMOID -> sigmoid(scores);
        }
        float[] ranks = ranks(scores, bias, router);
        float total = 0;
        int from = token * experts.perToken();
        int to = from + experts.perToken();
        for (int i = from; i < to; i++) {
            chosen[i] = largest(ranks, 0, ranks.length);
            weights[i] = scores[chosen[i]];
            total += weights[i];
            ranks[chosen[i]] = OUT;
        }
        double scale = router.scale() / (router.renormalized() && total > 0 ? total : 1);
        for (int i = from; i < to; i++) {
            weights[i] = (float) (weights[i] * scale);
        }
    }

    private static void softmax(float[] scores) {
        float max = OUT;
        for (float score : scores) {
            max = Math.max(max, score);
        }
        float total = 0;
        for (int expert = 0; expert < scores.length; expert++) {
            scores[expert] = number((float) Math.exp(scores[expert] - max));
            total += scores[expert];
        }
        for (int expert = 0; expert < scores.length; expert++) {
            scores[expert] = number(scores[expert] / total);
        }
    }

    private static void sigmoid(float[] scores) {
        for (int expert = 0; expert < scores.length; expert++) {
            scores[expert] = number((float) (1 / (1 + Math.exp(-scores[expert]))));
        }
    }

    private static float number(float score) {
        return Float.isNaN(score) ? 0 : score;
    }

    /** What the choice goes by: {@link #OUT} for experts of groups that are not in the running. */
    private static float[] ranks(float[] scores, float[] bias, Router router) {
        float[] ranks = scores.clone();
        for (int expert = 0; expert < bias.length; expert++) {
            float rank = ranks[expert] + bias[expert];
            ranks[expert] = rank >= LAST ? rank : LAST;
        }
        if (router.groupsPerToken() == router.groups()) {
            return ranks;
        }
        int size = ranks.length / router.groups();
        float[] groups = new float[router.groups()];
        for (int group = 0; group < groups.length; group++) {
            groups[group] = bestPair(ranks, group * size, (group + 1) * size);
        }
        float[] kept = new float[ranks.length];
        Arrays.fill(kept, OUT);
        for (int i = 0; i < router.groupsPerToken(); i++) {
            int group = largest(groups, 0, groups.length);
            System.arraycopy(ranks, group * size, kept, group * size, size);
            groups[group] = OUT;
        }
        return kept;
    }

    /** Sum of the two largest. */
    private static float bestPair(float[] ranks, int from, int to) {
        int first = largest(ranks, from, to);
        float second = LAST;
        for (int i = from; i < to; i++) {
            second = i == first ? second : Math.max(second, ranks[i]);
        }
        return Math.max(LAST, ranks[first] + second);
    }

    private static int largest(float[] values, int from, int to) {
        int best = from;
        for (int i = from + 1; i < to; i++) {
            if (values[i] > values[best]) {
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
