package dev.guildhall.inference.catalogue;

/** A model that is not there, not what it should be, or cannot be fetched; the message says what to do. */
public class ModelFileException extends RuntimeException {

    ModelFileException(String message) {
        super(message);
    }

    ModelFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
