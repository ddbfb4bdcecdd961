package dev.guildhall.engine.generation;

/** An answer that broke off through no fault of the request. */
public final class GenerationFailedException extends RuntimeException {

    public GenerationFailedException(String message) {
        super(message);
    }

    public GenerationFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
