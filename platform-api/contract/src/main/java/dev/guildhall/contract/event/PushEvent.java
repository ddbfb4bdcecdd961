package dev.guildhall.contract.event;

import dev.guildhall.contract.CommitId;
import dev.guildhall.contract.RepositoryRef;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A ref of a repository moved, or the repository was registered (then {@code before} is absent).
 *
 * @param before absent for a new ref or a newly registered repository
 * @param after absent when the ref was deleted, or when the indexer is to look the ref up itself
 */
public record PushEvent(
        RepositoryRef repository,
        String ref,
        @Nullable CommitId before,
        @Nullable CommitId after,
        Instant occurredAt) implements GuildhallEvent {

    public static final String TYPE = "dev.guildhall.forge.push.v1";

    @Override
    public String key() {
        return repository.id().toString();
    }
}
