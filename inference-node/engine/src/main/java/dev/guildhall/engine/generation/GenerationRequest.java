package dev.guildhall.engine.generation;

import dev.guildhall.engine.generation.grammar.TokenConstraint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the model.
 *
 * @param prompt tokens, at least one
 * @param answerTokensMax longest answer; 0 for whatever the context leaves
 * @param stop strings that end the answer and are not part of it
 * @param constraint what the answer must look like, if anything
 * @param caller requests of different callers take turns in the queue
 * @param cacheSalt computed prompts are shared only between requests with the same salt
 * @param ropeFactor by which the context is stretched; 0 for the least that prompt and answer need
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and lists of boxed ids would cost
public record GenerationRequest(
        int[] prompt,
        int answerTokensMax,
        SamplingOptions sampling,
        List<String> stop,
        @Nullable TokenConstraint constraint,
        String caller,
        String cacheSalt,
        double ropeFactor) {

    public GenerationRequest {
        if (prompt.length == 0) {
            throw new IllegalArgumentException("the prompt has no token");
        }
        if (answerTokensMax < 0) {
            throw new IllegalArgumentException(
                    "answerTokensMax is %d; allowed is 0 or more".formatted(answerTokensMax));
        }
        if (ropeFactor != 0 && !(ropeFactor >= 1)) {
            throw new IllegalArgumentException("ropeFactor is %s; allowed is 0, or 1 and more".formatted(ropeFactor));
        }
        prompt = prompt.clone();
        stop = List.copyOf(stop);
        if (stop.contains("")) {
            throw new IllegalArgumentException("a stop string is empty");
        }
    }

    /** The likeliest answer, as long as the context allows. */
    public static GenerationRequest of(int... prompt) {
        return new GenerationRequest(prompt, 0, SamplingOptions.GREEDY, List.of(), null, "", "", 0);
    }

    public GenerationRequest withAnswerTokensMax(int tokens) {
        return new GenerationRequest(prompt, tokens, sampling, stop, constraint, caller, cacheSalt, ropeFactor);
    }

    public GenerationRequest withSampling(SamplingOptions options) {
        return new GenerationRequest(prompt, answerTokensMax, options, stop, constraint, caller, cacheSalt, ropeFactor);
    }

    public GenerationRequest withStop(List<String> strings) {
        return new GenerationRequest(
                prompt, answerTokensMax, sampling, strings, constraint, caller, cacheSalt, ropeFactor);
    }

    public GenerationRequest withConstraint(@Nullable TokenConstraint constraint) {
        return new GenerationRequest(
                prompt, answerTokensMax, sampling, stop, constraint, caller, cacheSalt, ropeFactor);
    }

    public GenerationRequest withCaller(String caller, String cacheSalt) {
        return new GenerationRequest(
                prompt, answerTokensMax, sampling, stop, constraint, caller, cacheSalt, ropeFactor);
    }

    public GenerationRequest withRopeFactor(double factor) {
        return new GenerationRequest(prompt, answerTokensMax, sampling, stop, constraint, caller, cacheSalt, factor);
    }
}
