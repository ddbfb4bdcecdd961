package dev.guildhall.engine.generation;

import java.time.Duration;
import java.util.List;

/**
 * A finished answer.
 *
 * @param tokens of the answer, without the one that ended it
 * @param logprobs of each of them; empty when they were not asked for
 * @param promptTokens of the prompt, those from the cache included
 * @param cachedTokens of the prompt that were computed for an earlier request
 * @param queued time in the queue
 * @param prefill time from leaving the queue to the first token
 * @param decode time from the first token to the last
 */
public record GenerationResult(
        String text,
        List<Integer> tokens,
        List<TokenLogprobs> logprobs,
        FinishReason finishReason,
        int promptTokens,
        int cachedTokens,
        Duration queued,
        Duration prefill,
        Duration decode) {

    public GenerationResult {
        tokens = List.copyOf(tokens);
        logprobs = List.copyOf(logprobs);
    }

    /** Prompt tokens that were computed, each second. */
    public double prefillTokensPerSecond() {
        return perSecond(promptTokens - cachedTokens, prefill);
    }

    /** Answer tokens each second, after the first. */
    public double decodeTokensPerSecond() {
        return perSecond(tokens.size() - 1, decode);
    }

    private static double perSecond(int count, Duration time) {
        return count <= 0 || time.isZero() ? 0 : count * 1e9 / time.toNanos();
    }
}
