package dev.guildhall.indexer.search;

import dev.guildhall.contract.search.SearchAnswer;
import dev.guildhall.contract.search.SearchQuery;
import dev.guildhall.indexer.embed.Embedder;
import dev.guildhall.indexer.store.ChunkQueries;
import dev.guildhall.indexer.store.SearchScope;
import dev.guildhall.indexer.store.SearchableBranch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Finds chunks by meaning, by words and by symbol, and fuses the three. */
final class Search {

    private static final double SYMBOL_WEIGHT = 2;

    private final ChunkQueries queries;
    private final Embedder embedder;
    private final SearchSettings settings;

    Search(ChunkQueries queries, Embedder embedder, SearchSettings settings) {
        this.queries = queries;
        this.embedder = embedder;
        this.settings = settings;
    }

    SearchAnswer answer(SearchQuery query) {
        // Before the transaction begins: a model that is slow to answer must not hold a connection.
        Optional<float[]> vector = embedder.embedQuery(query.text());
        return queries.consistently(() -> answer(query, vector));
    }

    private SearchAnswer answer(SearchQuery query, Optional<float[]> vector) {
        List<SearchableBranch> branches = queries.branches(query.repositoryIds());
        SearchScope scope =
                new SearchScope(branches.stream().map(SearchableBranch::id).toList(), List.of());
        RankFusion fusion = new RankFusion();
        int candidates = Math.max(settings.candidates(), query.limit());
        vector.ifPresent(present ->
                fusion.add(queries.nearest(comparable(branches), present, settings.distanceMax(), candidates), 1));
        fusion.add(queries.withTerms(scope, QueryTerms.of(query.text()), candidates), 1);
        if (QueryTerms.isIdentifier(query.text())) {
            fusion.add(queries.withSymbolLike(scope, query.text().strip(), candidates), SYMBOL_WEIGHT);
        }
        List<Long> best = fusion.ranked().stream().limit(query.limit()).toList();
        List<SearchAnswer.Hit> hits = queries.load(scope, best).stream()
                .map(found -> new SearchAnswer.Hit(found.chunk(), fusion.score(found.id())))
                .limit(query.limit())
                .toList();
        return new SearchAnswer(hits, notIndexed(query.repositoryIds(), branches));
    }

    /** Vectors of another model say nothing about this one's: such a branch is searched by words until it is redone. */
    private SearchScope comparable(List<SearchableBranch> branches) {
        return new SearchScope(
                branches.stream()
                        .filter(branch -> branch.embeddingModel().equals(embedder.model()))
                        .map(SearchableBranch::id)
                        .toList(),
                List.of());
    }

    private List<String> notIndexed(List<UUID> asked, List<SearchableBranch> branches) {
        Set<UUID> indexed =
                branches.stream().map(SearchableBranch::repositoryId).collect(Collectors.toSet());
        List<UUID> missing =
                asked.stream().filter(id -> !indexed.contains(id)).distinct().toList();
        Map<UUID, String> names = queries.names(missing);
        return missing.stream().map(id -> names.getOrDefault(id, id.toString())).toList();
    }
}
