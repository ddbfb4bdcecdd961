package dev.guildhall.engine.conversion;

/** A model that cannot be made, with what is in the way. */
public final class ConversionException extends RuntimeException {

    ConversionException(String problem) {
        super(problem);
    }
}
