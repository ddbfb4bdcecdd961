package dev.guildhall.engine.generation;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Picks the next token of one answer out of the model's logits.
 *
 * <p>In this order, as transformers does: bias, the repetition penalty, presence and frequency penalty; tokens that are not
 * allowed drop out; temperature, top-k, top-p over what top-k left, min-p. Among equal logits the lower token id comes
 * first.
 */
final class Sampler {

    private final SamplingOptions options;
    private final SplitMix random;
    private final BitSet seen = new BitSet();
    private final Map<Integer, Integer> answered = new HashMap<>(); // token to how often

    // The draw, likeliest first where top-k or top-p need it.
    private long[] heap = new long[0];
    private double[] weights = new double[0];
    private int[] drawn = new int[0];

    Sampler(SamplingOptions options) {
        this.options = options;
        this.random = new SplitMix(options.seed());
    }

    /** Notes a token of the prompt, for the repetition penalty. */
    void observePrompt(int token) {
        seen.set(token);
    }

    /** Notes a token of the answer, for the penalties. */
    void observeAnswer(int token) {
        seen.set(token);
        answered.merge(token, 1, Integer::sum);
    }

    /**
     * @param logits [vocabulary], or more rows than the vocabulary has; bias and penalties are added to them
     * @param allowed a bit for each token that may be picked; at least one is set
     */
    int sample(float[] logits, long[] allowed) {
        addBias(logits);
        penalize(logits);
        return options.temperature() == 0 ? likeliest(logits, allowed) : draw(logits, allowed);
    }

    private void addBias(float[] logits) {
        options.logitBias().forEach((token, bias) -> logits[token] += bias.floatValue());
    }

    private void penalize(float[] logits) {
        Penalties penalties = options.penalties();
        float repetition = (float) penalties.repetition();
        if (repetition != 1) {
            for (int token = seen.nextSetBit(0); token >= 0; token = seen.nextSetBit(token + 1)) {
                logits[token] = logits[token] > 0 ? logits[token] / repetition : logits[token] * repetition;
            }
        }
        if (penalties.presence() != 0 || penalties.frequency() != 0) {
            answered.forEach(
                    (token, count) -> logits[token] -= (float) (penalties.presence() + penalties.frequency() * count));
        }
    }

    private int likeliest(float[] logits, long[] allowed) {
        int best = -1;
        for (int word = 0; word < allowed.length; word++) {
            int first = word << 6;
            if (allowed[word] == -1) {
                // So are nearly all words of an answer that is free, and a plain loop is several times faster.
                for (int token = first; token < first + Long.SIZE; token++) {
                    best = likelier(logits, token, best);
                }
            } else {
                for (long bits = allowed[word]; bits != 0; bits &= bits - 1) {
                    best = likelier(logits, first | Long.numberOfTrailingZeros(bits), best);
                }
            }
        }
        if (best < 0) {
            throw nothingAllowed();
        }
        return best;
    }

    private static int likelier(float[] logits, int token, int best) {
        if (best >= 0 && logits[token] <= logits[best]) {
            return best;
        }
        // Greater, the first, or NaN, which compares with nothing.
        refuseNaN(logits[token], token);
        return token;
    }

    private static GenerationFailedException nothingAllowed() {
        return new GenerationFailedException(
                "no token can go on with the answer: the schema needs bytes that the model's vocabulary lacks");
    }

    private int draw(float[] logits, long[] allowed) {
        int count = collect(logits, allowed);
        boolean ordered = options.topK() > 0 || options.topP() < 1;
        if (ordered) {
            heapify(count);
        }
        int kept = options.topK() > 0 ? Math.min(options.topK(), count) : count;
        if (weights.length < kept) {
            weights = new double[kept];
            drawn = new int[kept];
        }
        float top = logitOf(heap[0]);
        if (!ordered) {
            for (int i = 1; i < count; i++) {
                top = Math.max(top, logitOf(heap[i]));
            }
        }
        // Top-p without top-k needs the whole sum before the first token is taken off.
        double total = 0;
        if (options.topK() == 0 && options.topP() < 1) {
            for (int i = 0; i < count; i++) {
                total += weight(logitOf(heap[i]), top);
            }
        }
        int size = 0;
        double sum = 0;
        for (int i = 0; i < kept; i++) {
            long entry = ordered ? takeFirst(count - i) : heap[i];
            weights[size] = weight(logitOf(entry), top);
            drawn[size] = tokenOf(entry);
            sum += weights[size++];
            if (total > 0 && sum >= options.topP() * total) {
                break;
            }
        }
        if (options.topK() > 0 && options.topP() < 1) {
            double reached = 0;
            int within = 0;
            while (within < size && reached < options.topP() * sum) {
                reached += weights[within++];
            }
            size = within;
        }
        return pick(size);
    }

    private int pick(int size) {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            if (weights[i] < options.minP()) {
                weights[i] = 0; // the likeliest has weight 1
            }
            sum += weights[i];
        }
        double left = random.nextDouble() * sum;
        int last = 0;
        for (int i = 0; i < size; i++) {
            if (weights[i] > 0) {
                last = i;
                left -= weights[i];
                if (left < 0) {
                    break;
                }
            }
        }
        return drawn[last];
    }

    private double weight(float logit, float top) {
        return Math.exp((logit - top) / options.temperature());
    }

    /** Fills the heap's array with all allowed tokens, unordered. */
    private int collect(float[] logits, long[] allowed) {
        int count = 0;
        for (long bits : allowed) {
            count += Long.bitCount(bits);
        }
        if (count == 0) {
            throw nothingAllowed();
        }
        if (heap.length < count) {
            heap = new long[count];
        }
        int next = 0;
        for (int word = 0; word < allowed.length; word++) {
            for (long bits = allowed[word]; bits != 0; bits &= bits - 1) {
                int token = word << 6 | Long.numberOfTrailingZeros(bits);
                refuseNaN(logits[token], token);
                heap[next++] = entry(logits[token], token);
            }
        }
        return count;
    }

    private static void refuseNaN(float logit, int token) {
        if (Float.isNaN(logit)) {
            throw new GenerationFailedException(
                    "the model computed NaN for token %d: its weights are damaged, or the engine is at fault"
                            .formatted(token));
        }
    }

    /** Orders by logit, then by lower token: the float's bits made comparable as an int, over the inverted token. */
    private static long entry(float logit, int token) {
        int bits = Float.floatToIntBits(logit);
        int comparable = bits ^ (bits >> 31 & Integer.MAX_VALUE);
        return (long) comparable << 32 | (~token & 0xFFFFFFFFL);
    }

    private static float logitOf(long entry) {
        int comparable = (int) (entry >> 32);
        return Float.intBitsToFloat(comparable ^ (comparable >> 31 & Integer.MAX_VALUE));
    }

    private static int tokenOf(long entry) {
        return ~(int) entry;
    }

    private void heapify(int size) {
        for (int parent = size / 2 - 1; parent >= 0; parent--) {
            siftDown(parent, size);
        }
    }

    private long takeFirst(int size) {
        long first = heap[0];
        heap[0] = heap[size - 1];
        siftDown(0, size - 1);
        return first;
    }

    private void siftDown(int start, int size) {
        int parent = start;
        while (2 * parent + 1 < size) {
            int child = 2 * parent + 1;
            if (child + 1 < size && heap[child + 1] > heap[child]) {
                child++;
            }
            if (heap[parent] >= heap[child]) {
                return;
            }
            long moved = heap[parent];
            heap[parent] = heap[child];
            heap[child] = moved;
            parent = child;
        }
    }
}
