package dev.guildhall.platform.messaging;

import org.jspecify.annotations.Nullable;

/** A record that no attempt will ever make sense of: it goes to the dead-letter topic at once. */
class UnreadableEventException extends RuntimeException {

    UnreadableEventException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
