package dev.guildhall.reviewbot.reviewer;

import dev.guildhall.contract.Failure;
import org.jspecify.annotations.Nullable;

/** A reviewer that could do nothing, with what to do about it. */
public final class ReviewerException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    public ReviewerException(Failure failure, @Nullable Throwable cause) {
        super(failure.message(), cause);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
