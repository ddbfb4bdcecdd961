package dev.guildhall.contract.event;

import java.time.Instant;
import java.util.UUID;

/**
 * A repository is no longer registered: what was kept of it is to be forgotten.
 *
 * <p>It travels in the topic of pushes, with their key, so that it keeps its place among them.
 */
public record RepositoryRemoved(UUID repositoryId, Instant occurredAt) implements GuildhallEvent {

    public static final String TYPE = "dev.guildhall.forge.repository-removed.v1";

    @Override
    public String key() {
        return repositoryId.toString();
    }
}
