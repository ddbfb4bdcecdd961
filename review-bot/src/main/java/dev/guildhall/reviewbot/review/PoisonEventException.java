package dev.guildhall.reviewbot.review;

/** A message that no retry makes readable. */
final class PoisonEventException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PoisonEventException(String message) {
        super(message);
    }

    PoisonEventException(String message, Throwable cause) {
        super(message, cause);
    }
}
