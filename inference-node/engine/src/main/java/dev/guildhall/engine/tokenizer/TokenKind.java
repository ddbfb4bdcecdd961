package dev.guildhall.engine.tokenizer;

/** What an entry of a vocabulary is for. */
public enum TokenKind {
    /** A piece of text. */
    TEXT(1),
    /** Steers the model, as {@code <|im_end|>} does; never comes of text. */
    CONTROL(3),
    /** Added for templates, as {@code <tool_call>}: shown as text, yet only templates write it. */
    ADDED(4),
    /** Padding of the vocabulary that the model was never trained on. */
    UNUSED(5);

    private final long ggufType;

    TokenKind(long ggufType) {
        this.ggufType = ggufType;
    }

    /** Its number in {@code tokenizer.ggml.token_type}. */
    public long ggufType() {
        return ggufType;
    }
}
