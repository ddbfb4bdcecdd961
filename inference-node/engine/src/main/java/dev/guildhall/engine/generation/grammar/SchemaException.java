package dev.guildhall.engine.generation.grammar;

/** A JSON schema that answers cannot be held to: the message names the keyword and its place. */
public final class SchemaException extends RuntimeException {

    public SchemaException(String message) {
        super(message);
    }
}
