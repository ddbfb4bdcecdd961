package dev.guildhall.reviewbot.forge;

import dev.guildhall.contract.Failure;
import org.jspecify.annotations.Nullable;

/** A repository that cannot be read, with what to do about it. */
public final class ForgeException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    public ForgeException(Failure failure, @Nullable Throwable cause) {
        super(failure.message(), cause);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
