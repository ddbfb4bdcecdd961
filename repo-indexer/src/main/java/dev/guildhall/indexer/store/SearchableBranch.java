package dev.guildhall.indexer.store;

import java.util.UUID;

/** The branch of a repository that searches see. */
public record SearchableBranch(long id, UUID repositoryId, String embeddingModel) {}
