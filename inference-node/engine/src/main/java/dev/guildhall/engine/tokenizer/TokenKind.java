package dev.guildhall.engine.tokenizer;

/** What an entry of a vocabulary is for. */
public enum TokenKind {
    /** A piece of text. */
    TEXT,
    /** Steers the model, as {@code <|im_end|>} does; never comes of text. */
    CONTROL,
    /** Added for templates, as {@code <tool_call>}: shown as text, yet only templates write it. */
    ADDED,
    /** Padding of the vocabulary that the model was never trained on. */
    UNUSED
}
