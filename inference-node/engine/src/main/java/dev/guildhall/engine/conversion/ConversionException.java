package dev.guildhall.engine.conversion;

import java.io.IOException;

/** A model that cannot be made, with what is in the way. */
public final class ConversionException extends IOException {

    ConversionException(String problem) {
        super(problem);
    }
}
