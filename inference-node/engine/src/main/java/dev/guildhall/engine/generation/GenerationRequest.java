package dev.guildhall.engine.generation;

import dev.guildhall.engine.generation.grammar.TokenConstraint;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the model.
 *
 * @param prompt tokens, at least one
 * @param constraint what the answer must look like, if anything
 * @param topLogprobs likeliest tokens to tell for each token of the answer; {@link #NO_LOGPROBS} for not even the
 *     probability of the token itself
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and lists of boxed ids would cost
public record GenerationRequest(
        int[] prompt,
        Ending ending,
        SamplingOptions sampling,
        @Nullable TokenConstraint constraint,
        int topLogprobs,
        Origin origin,
        Variant variant) {

    public static final int NO_LOGPROBS = -1;

    /**
     * Where the answer ends, besides where the model ends it.
     *
     * @param tokensMax longest answer; 0 for whatever the context leaves
     * @param stop strings that end the answer and are not part of it
     * @param stopTokens tokens that end the answer and are not part of it
     */
    public record Ending(int tokensMax, List<String> stop, Set<Integer> stopTokens) {

        public Ending {
            if (tokensMax < 0) {
                throw new IllegalArgumentException("answerTokensMax is %d; allowed is 0 or more".formatted(tokensMax));
            }
            stop = List.copyOf(stop);
            if (stop.contains("")) {
                throw new IllegalArgumentException("a stop string is empty");
            }
            stopTokens = Set.copyOf(stopTokens);
        }
    }

    /**
     * Who asks.
     *
     * @param caller requests of different callers take turns
     * @param cacheSalt computed prompts are shared only between requests with the same salt
     */
    public record Origin(String caller, String cacheSalt) {}

    /**
     * Which form of the model is to answer. Nothing that is computed under one is ever used under another.
     *
     * @param adapter empty for the model as it is
     * @param ropeFactor by which the context is stretched; 0 for the least that prompt and answer need
     */
    public record Variant(String adapter, double ropeFactor) {

        public Variant {
            if (ropeFactor != 0 && !(ropeFactor >= 1)) {
                throw new IllegalArgumentException(
                        "ropeFactor is %s; allowed is 0, or 1 and more".formatted(ropeFactor));
            }
        }
    }

    public GenerationRequest {
        if (prompt.length == 0) {
            throw new IllegalArgumentException("the prompt has no token");
        }
        if (topLogprobs < NO_LOGPROBS || topLogprobs > TokenLogprobs.TOP_MAX) {
            throw new IllegalArgumentException(
                    "topLogprobs is %d; allowed is 0 to %d".formatted(topLogprobs, TokenLogprobs.TOP_MAX));
        }
        prompt = prompt.clone();
    }

    /** The likeliest answer, as long as the context allows. */
    public static GenerationRequest of(int... prompt) {
        return new GenerationRequest(
                prompt,
                new Ending(0, List.of(), Set.of()),
                SamplingOptions.GREEDY,
                null,
                NO_LOGPROBS,
                new Origin("", ""),
                new Variant("", 0));
    }

    public GenerationRequest withEnding(Ending ending) {
        return new GenerationRequest(prompt, ending, sampling, constraint, topLogprobs, origin, variant);
    }

    public GenerationRequest withAnswerTokensMax(int tokens) {
        return withEnding(new Ending(tokens, ending.stop, ending.stopTokens));
    }

    public GenerationRequest withStop(List<String> strings) {
        return withEnding(new Ending(ending.tokensMax, strings, ending.stopTokens));
    }

    public GenerationRequest withSampling(SamplingOptions options) {
        return new GenerationRequest(prompt, ending, options, constraint, topLogprobs, origin, variant);
    }

    public GenerationRequest withConstraint(@Nullable TokenConstraint constraint) {
        return new GenerationRequest(prompt, ending, sampling, constraint, topLogprobs, origin, variant);
    }

    /** The probability of each token of the answer, and the likeliest in its place. */
    public GenerationRequest withLogprobs(int top) {
        return new GenerationRequest(prompt, ending, sampling, constraint, top, origin, variant);
    }

    public GenerationRequest withCaller(String caller, String cacheSalt) {
        return new GenerationRequest(
                prompt, ending, sampling, constraint, topLogprobs, new Origin(caller, cacheSalt), variant);
    }

    public GenerationRequest withVariant(Variant variant) {
        return new GenerationRequest(prompt, ending, sampling, constraint, topLogprobs, origin, variant);
    }

    public GenerationRequest withRopeFactor(double factor) {
        return withVariant(new Variant(variant.adapter, factor));
    }
}
