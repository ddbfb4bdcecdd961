package dev.guildhall.engine.generation;

import java.time.Duration;

/** As many requests wait as may: this one may come again later. */
public final class QueueFullException extends RuntimeException {

    private final Duration retryAfter;

    QueueFullException(int waiting, Duration retryAfter) {
        super("%d requests are waiting for the model, which is the limit; try again in %d s"
                .formatted(waiting, retryAfter.toSeconds()));
        this.retryAfter = retryAfter;
    }

    public Duration retryAfter() {
        return retryAfter;
    }
}
