package dev.guildhall.contract.event;

import dev.guildhall.contract.CommitId;
import dev.guildhall.contract.Failure;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How far the index of one commit is.
 *
 * @param filesTotal text files that the commit holds and the index takes
 * @param chunks chunks that the index holds for this commit so far
 * @param filesSkipped binary, generated or too large files that the index leaves out
 * @param failure present when {@code state} is {@link State#FAILED}
 */
public record IndexProgress(
        UUID repositoryId,
        @Nullable CommitId commit,
        State state,
        int filesTotal,
        int filesDone,
        int filesSkipped,
        int chunks,
        @Nullable Failure failure,
        Instant occurredAt)
        implements GuildhallEvent {

    public static final String TYPE = "dev.guildhall.index.progress.v1";

    /** Where the work stands. */
    public enum State {
        RUNNING,
        COMPLETED,
        FAILED
    }

    @Override
    public String key() {
        return repositoryId.toString();
    }
}
