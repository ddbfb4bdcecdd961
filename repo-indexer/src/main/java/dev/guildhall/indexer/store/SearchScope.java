package dev.guildhall.indexer.store;

import java.util.List;

/**
 * What a search may see.
 *
 * @param branchIds the indexed branches
 * @param excludedPaths files that are left out
 */
public record SearchScope(List<Long> branchIds, List<String> excludedPaths) {

    public SearchScope {
        branchIds = List.copyOf(branchIds);
        excludedPaths = List.copyOf(excludedPaths);
    }
}
