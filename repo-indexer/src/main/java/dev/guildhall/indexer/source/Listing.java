package dev.guildhall.indexer.source;

import java.util.List;
import java.util.Map;

/**
 * The files of one commit.
 *
 * @param files those whose content is worth a look
 * @param skipped how many were left out by their name, size or type alone
 */
public record Listing(List<SourceFile> files, Map<SkipReason, Integer> skipped) {

    public Listing {
        files = List.copyOf(files);
        skipped = Map.copyOf(skipped);
    }

    public int skippedCount() {
        return skipped.values().stream().mapToInt(Integer::intValue).sum();
    }
}
