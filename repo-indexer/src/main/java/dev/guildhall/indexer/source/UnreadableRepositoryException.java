package dev.guildhall.indexer.source;

import dev.guildhall.contract.Failure;
import org.jspecify.annotations.Nullable;

/** A repository, or the branch wanted of it, cannot be read; says why and what to do. */
public class UnreadableRepositoryException extends Exception {

    private final transient Failure failure;

    UnreadableRepositoryException(Failure failure, @Nullable Throwable cause) {
        super(failure.message(), cause);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
