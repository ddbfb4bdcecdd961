package dev.guildhall.contract.search;

import java.util.List;
import java.util.UUID;

/**
 * A question to the index.
 *
 * @param text words, identifiers or a sentence; 1 to 2,000 characters
 * @param repositoryIds where to look; never empty: the caller names what its user may see
 * @param limit most hits to return, 1 to 100
 */
public record SearchQuery(String text, List<UUID> repositoryIds, int limit) {

    public SearchQuery {
        repositoryIds = List.copyOf(repositoryIds);
        if (text.isBlank() || text.length() > 2_000) {
            throw new IllegalArgumentException(
                    "search text has %d characters, allowed are 1 to 2000".formatted(text.length()));
        }
        if (repositoryIds.isEmpty()) {
            throw new IllegalArgumentException("repositoryIds is empty: name at least one repository");
        }
        if (limit < 1 || limit > 100) {
            throw new IllegalArgumentException("limit %d is not between 1 and 100".formatted(limit));
        }
    }
}
