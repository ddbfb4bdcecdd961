package dev.guildhall.engine.template;

/** A template that cannot be read, or that refuses or fails to render. */
public final class TemplateException extends RuntimeException {

    public TemplateException(String message) {
        super(message);
    }
}
