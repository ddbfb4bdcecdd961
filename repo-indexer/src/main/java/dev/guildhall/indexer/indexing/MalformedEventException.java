package dev.guildhall.indexer.indexing;

import org.jspecify.annotations.Nullable;

/** A message that no repetition will make readable. */
final class MalformedEventException extends RuntimeException {

    MalformedEventException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
