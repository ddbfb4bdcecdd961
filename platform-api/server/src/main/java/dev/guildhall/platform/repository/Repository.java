package dev.guildhall.platform.repository;

import dev.guildhall.contract.RepositoryRef;
import java.time.Instant;
import java.util.UUID;

/** A repository that Guildhall reads, with the state of its index. */
public record Repository(RepositoryRef ref, Instant createdAt, RepositoryIndex index) {

    public UUID id() {
        return ref.id();
    }
}
