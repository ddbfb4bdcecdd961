package dev.guildhall.indexer.search;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reciprocal-rank fusion: an entry scores the sum of {@code weight / (60 + rank)} over the lists that hold it.
 *
 * <p>Ranks, unlike the scores of different searches, can be compared; 60 is the constant of the method's authors.
 */
final class RankFusion {

    private static final int RANK_OFFSET = 60;

    private final Map<Long, Double> scores = new LinkedHashMap<>();

    void add(List<Long> ranked, double weight) {
        int rank = 1;
        for (Long id : ranked) {
            scores.merge(id, weight / (RANK_OFFSET + rank), Double::sum);
            rank++;
        }
    }

    double score(long id) {
        return scores.getOrDefault(id, 0.0);
    }

    /** Every entry, best first; equals in the order in which they came. */
    List<Long> ranked() {
        return scores.entrySet().stream()
                .sorted(Map.Entry.<Long, Double>comparingByValue(Comparator.reverseOrder()))
                .map(Map.Entry::getKey)
                .toList();
    }
}
