package dev.guildhall.contract.search;

import java.util.List;

/**
 * Hits, best first.
 *
 * @param notIndexed names of asked repositories that have no index yet: their silence says nothing
 */
public record SearchAnswer(List<Hit> hits, List<String> notIndexed) {

    public SearchAnswer {
        hits = List.copyOf(hits);
        notIndexed = List.copyOf(notIndexed);
    }

    /** @param score reciprocal-rank fusion score; comparable within one answer only */
    public record Hit(CodeChunk chunk, double score) {}
}
