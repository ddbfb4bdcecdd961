package dev.guildhall.engine.format;

import java.io.IOException;
import java.nio.file.Path;

/** A model file that cannot be used, with the file, the field and the value that are wrong. */
public final class ModelFormatException extends IOException {

    public ModelFormatException(Path file, String problem) {
        super(file + ": " + problem);
    }
}
