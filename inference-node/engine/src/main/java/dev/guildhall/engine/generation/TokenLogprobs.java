package dev.guildhall.engine.generation;

import dev.guildhall.engine.model.Logits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How likely the model thought a token of the answer, and others in its place: natural logarithms of probabilities, before
 * temperature, penalties, bias and constraint.
 *
 * @param top the likeliest, most likely first
 */
public record TokenLogprobs(int token, double logprob, List<Candidate> top) {

    /** A token that could have come. */
    public record Candidate(int token, double logprob) {}

    public static final int TOP_MAX = 20;

    public TokenLogprobs {
        top = List.copyOf(top);
    }

    /** @param usable the tokens that may be named as likely ones */
    static TokenLogprobs of(float[] logits, int token, int topCount, long[] usable) {
        double normalizer = Logits.logSumExp(logits);
        List<Candidate> top = new ArrayList<>(topCount);
        for (int likely : likeliest(logits, topCount, usable)) {
            top.add(new Candidate(likely, logits[likely] - normalizer));
        }
        return new TokenLogprobs(token, logits[token] - normalizer, top);
    }

    /** By insertion: few tokens are ever among the likeliest. */
    private static int[] likeliest(float[] logits, int count, long[] usable) {
        int[] best = new int[count];
        int found = 0;
        for (int word = 0; word < usable.length; word++) {
            for (long bits = usable[word]; bits != 0; bits &= bits - 1) {
                int token = word << 6 | Long.numberOfTrailingZeros(bits);
                if (found == count && (count == 0 || !(logits[token] > logits[best[count - 1]]))) {
                    continue;
                }
                int at = found < count ? found++ : count - 1;
                for (; at > 0 && logits[token] > logits[best[at - 1]]; at--) {
                    best[at] = best[at - 1];
                }
                best[at] = token;
            }
        }
        return found == count ? best : Arrays.copyOf(best, found);
    }
}
