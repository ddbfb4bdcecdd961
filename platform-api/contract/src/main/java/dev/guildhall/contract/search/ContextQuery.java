package dev.guildhall.contract.search;

import java.util.List;
import java.util.UUID;

/**
 * A change, described so that the index can find what belongs beside it.
 *
 * @param symbols identifiers that the changed lines define or use, most important first
 * @param changedPaths files of the change: their own chunks are left out of the answer
 * @param snippets changed code, for finding similar code; may be empty
 * @param limit most chunks to return, 1 to 100
 */
public record ContextQuery(
        UUID repositoryId, List<String> symbols, List<String> changedPaths, List<String> snippets, int limit) {

    public ContextQuery {
        symbols = List.copyOf(symbols);
        changedPaths = List.copyOf(changedPaths);
        snippets = List.copyOf(snippets);
        if (limit < 1 || limit > 100) {
            throw new IllegalArgumentException("limit %d is not between 1 and 100".formatted(limit));
        }
    }
}
