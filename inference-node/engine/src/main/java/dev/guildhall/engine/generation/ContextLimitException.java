package dev.guildhall.engine.generation;

/** A prompt and answer that do not fit the model's context. */
public final class ContextLimitException extends RuntimeException {

    private final int promptTokens;
    private final int contextTokens;

    ContextLimitException(int promptTokens, int answerTokens, int contextTokens) {
        super(
                promptTokens >= contextTokens
                        ? "the prompt has %,d tokens; the context of %,d tokens must hold it and the answer"
                                .formatted(promptTokens, contextTokens)
                        : "the prompt has %,d tokens and the answer may have %,d, together %,d; the context holds %,d"
                                .formatted(promptTokens, answerTokens, promptTokens + answerTokens, contextTokens));
        this.promptTokens = promptTokens;
        this.contextTokens = contextTokens;
    }

    public int promptTokens() {
        return promptTokens;
    }

    public int contextTokens() {
        return contextTokens;
    }
}
