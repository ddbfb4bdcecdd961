package dev.guildhall.indexer.store;

import dev.guildhall.contract.CommitId;
import org.jspecify.annotations.Nullable;

/**
 * What the index holds of a branch.
 *
 * @param commit absent when the repository had no commit
 * @param edition by what its files were cut and embedded
 */
public record IndexedBranch(
        @Nullable CommitId commit, IndexEdition edition, int filesIndexed, int filesSkipped, int chunks) {}
