package dev.guildhall.indexer.embed;

import dev.guildhall.contract.Failure;
import org.jspecify.annotations.Nullable;

/** The embedding model gave no vectors; says why, and whether time may heal it. */
public class EmbeddingFailedException extends RuntimeException {

    private final transient Failure failure;
    private final boolean passing;

    EmbeddingFailedException(Failure failure, boolean passing, @Nullable Throwable cause) {
        super(failure.message(), cause);
        this.failure = failure;
        this.passing = passing;
    }

    public Failure failure() {
        return failure;
    }

    /** Whether the same request may succeed later, with nothing changed. */
    public boolean isPassing() {
        return passing;
    }
}
