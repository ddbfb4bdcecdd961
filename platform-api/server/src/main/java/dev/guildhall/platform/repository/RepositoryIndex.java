package dev.guildhall.platform.repository;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.guildhall.contract.Failure;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far the index of a repository is, as the indexer last said.
 *
 * @param commit absent while the indexer has not found the branch's commit
 * @param updatedAt absent while there is no index
 */
public record RepositoryIndex(
        State state,
        @Nullable String commit,
        int filesTotal,
        int filesDone,
        int filesSkipped,
        int chunks,
        @Nullable Failure failure,
        @Nullable Instant updatedAt) {

    static final RepositoryIndex NONE = new RepositoryIndex(State.NONE, null, 0, 0, 0, 0, null, null);

    /** Where the index stands. */
    public enum State {
        /** The indexer has not said anything yet. */
        @JsonProperty("none")
        NONE,
        @JsonProperty("running")
        RUNNING,
        @JsonProperty("completed")
        COMPLETED,
        @JsonProperty("failed")
        FAILED
    }
}
