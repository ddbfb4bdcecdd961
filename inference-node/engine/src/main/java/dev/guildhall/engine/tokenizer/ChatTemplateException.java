package dev.guildhall.engine.tokenizer;

/** A conversation that a model's chat template does not accept, or a template that cannot be rendered. */
public final class ChatTemplateException extends RuntimeException {

    public ChatTemplateException(String message) {
        super(message);
    }
}
