package dev.guildhall.indexer.search;

import dev.guildhall.contract.search.ContextAnswer;
import dev.guildhall.contract.search.ContextAnswer.Item;
import dev.guildhall.contract.search.ContextAnswer.Role;
import dev.guildhall.contract.search.ContextQuery;
import dev.guildhall.indexer.chunk.TokenEstimate;
import dev.guildhall.indexer.embed.Embedder;
import dev.guildhall.indexer.store.ChunkQueries;
import dev.guildhall.indexer.store.FoundChunk;
import dev.guildhall.indexer.store.SearchScope;
import dev.guildhall.indexer.store.SearchableBranch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds what a reviewer wants to see beside a change.
 *
 * <p>A symbol that the changed files define, in the index's older view of them, is one that the change alters: who uses
 * it matters. Any other symbol is one that the change uses: where it is defined matters. Each role brings a ranked list;
 * the lists are merged by rank, weighted by how much a role tells a reviewer, so that the answer can be cut anywhere.
 */
final class ReviewContext {

    private static final int CHUNKS_PER_SYMBOL_MAX = 3;
    private static final int COMMON_NAME_DEFINITIONS = 12;
    private static final int SNIPPET_TOKENS_MAX = 400;
    private static final int RANK_OFFSET = 3;

    private static final String CONVENTION_FILES =
            "^(\\.github/|docs/)?(CONTRIBUTING|AGENTS|CLAUDE|CODING|STYLE|STYLEGUIDE|CONVENTIONS|README|ARCHITECTURE)"
                    + "[^/]*$|^\\.editorconfig$|^docs/[^/]*(style|convention|guideline|architecture|design)[^/]*$";

    private static final Map<Role, Double> WEIGHTS =
            Map.of(Role.DEFINITION, 1.0, Role.CALLER, 0.9, Role.SIMILAR, 0.6, Role.CONVENTION, 0.5);

    private final ChunkQueries queries;
    private final Embedder embedder;
    private final SearchSettings settings;

    ReviewContext(ChunkQueries queries, Embedder embedder, SearchSettings settings) {
        this.queries = queries;
        this.embedder = embedder;
        this.settings = settings;
    }

    ContextAnswer answer(ContextQuery query) {
        List<float[]> vectors = query.snippets().stream()
                .filter(snippet -> !snippet.isBlank())
                .limit(settings.snippetsMax())
                .flatMap(snippet -> embedder.embedSimilar(TokenEstimate.head(snippet, SNIPPET_TOKENS_MAX)).stream())
                .toList();
        return queries.consistently(() -> answer(query, vectors));
    }

    private ContextAnswer answer(ContextQuery query, List<float[]> vectors) {
        Optional<SearchableBranch> branch =
                queries.branches(List.of(query.repositoryId())).stream().findFirst();
        if (branch.isEmpty()) {
            return new ContextAnswer(false, List.of());
        }
        List<Long> branchIds = List.of(branch.get().id());
        SearchScope everything = new SearchScope(branchIds, List.of());
        SearchScope unchanged = new SearchScope(branchIds, query.changedPaths());
        List<Long> definitions = new ArrayList<>();
        List<Long> callers = new ArrayList<>();
        query.symbols().stream().distinct().limit(settings.symbolsMax()).forEach(symbol -> {
            Followed followed = follow(symbol, everything, unchanged);
            definitions.addAll(followed.definitions());
            callers.addAll(followed.callers());
        });
        boolean comparable = branch.get().embeddingModel().equals(embedder.model());
        Map<Role, List<Long>> ranked = new EnumMap<>(Role.class);
        ranked.put(Role.DEFINITION, definitions);
        ranked.put(Role.CALLER, callers);
        ranked.put(Role.SIMILAR, comparable ? similar(unchanged, vectors, query.limit()) : List.of());
        ranked.put(Role.CONVENTION, queries.inFiles(unchanged, CONVENTION_FILES, query.limit()));
        return new ContextAnswer(true, merge(ranked, unchanged, query.limit()));
    }

    private Followed follow(String symbol, SearchScope everything, SearchScope unchanged) {
        List<Long> all = queries.defining(everything, symbol, COMMON_NAME_DEFINITIONS);
        // A name that half the code defines, such as "get", tells nothing.
        if (all.size() == COMMON_NAME_DEFINITIONS) {
            return new Followed(List.of(), List.of());
        }
        List<Long> elsewhere = queries.defining(unchanged, symbol, COMMON_NAME_DEFINITIONS);
        boolean altered = all.size() > elsewhere.size();
        return new Followed(
                elsewhere.stream().limit(CHUNKS_PER_SYMBOL_MAX).toList(),
                altered ? queries.using(unchanged, symbol, CHUNKS_PER_SYMBOL_MAX) : List.of());
    }

    private List<Long> similar(SearchScope scope, List<float[]> vectors, int limit) {
        RankFusion fusion = new RankFusion();
        vectors.forEach(vector -> fusion.add(queries.nearest(scope, vector, settings.distanceMax(), limit), 1));
        return fusion.ranked();
    }

    private List<Item> merge(Map<Role, List<Long>> ranked, SearchScope scope, int limit) {
        record Candidate(long id, Role role, double score) {}
        List<Candidate> candidates = ranked.entrySet().stream()
                .flatMap(entry -> {
                    List<Long> ids = entry.getValue().stream().distinct().toList();
                    return Stream.iterate(0, rank -> rank < ids.size(), rank -> rank + 1)
                            .map(rank -> new Candidate(
                                    ids.get(rank),
                                    entry.getKey(),
                                    WEIGHTS.getOrDefault(entry.getKey(), 0.0) * RANK_OFFSET / (RANK_OFFSET + rank)));
                })
                .sorted(Comparator.comparingDouble(Candidate::score).reversed())
                .toList();
        Set<Long> chosen = new HashSet<>();
        List<Candidate> best = candidates.stream()
                .filter(candidate -> chosen.add(candidate.id()))
                .limit(limit)
                .toList();
        Map<Long, FoundChunk> loaded = new HashMap<>();
        queries.load(scope, best.stream().map(Candidate::id).toList())
                .forEach(found -> loaded.putIfAbsent(found.id(), found));
        return best.stream()
                .flatMap(candidate -> Optional.ofNullable(loaded.get(candidate.id())).stream()
                        .map(found -> new Item(candidate.role(), found.chunk(), candidate.score())))
                .toList();
    }

    private record Followed(List<Long> definitions, List<Long> callers) {}
}
