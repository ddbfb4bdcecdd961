package dev.guildhall.inference.catalogue;

import java.io.IOException;

/** A source does not have the file, or cannot be reached: the next one is tried. */
class SourceException extends IOException {

    SourceException(String message) {
        super(message);
    }
}
