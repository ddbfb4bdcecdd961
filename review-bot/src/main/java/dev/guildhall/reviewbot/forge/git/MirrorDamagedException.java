package dev.guildhall.reviewbot.forge.git;

/** Our own mirror cannot be used, as after a crash in the middle of a write: a fresh one heals it. */
final class MirrorDamagedException extends Exception {

    private static final long serialVersionUID = 1L;

    MirrorDamagedException(String message, Throwable cause) {
        super(message, cause);
    }
}
