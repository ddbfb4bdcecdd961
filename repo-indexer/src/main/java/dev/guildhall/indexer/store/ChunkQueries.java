package dev.guildhall.indexer.store;

import dev.guildhall.contract.CommitId;
import dev.guildhall.contract.search.CodeChunk;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The reading side of the index: each query gives ids of chunks, best first.
 *
 * <p>Everything that makes up one answer is asked within one {@link #consistently} call, so that all of it is of the
 * same commit.
 */
public final class ChunkQueries {

    /** Chunks are visible through a file of a visible branch: a deleted file's chunks are gone with its row. */
    private static final String VISIBLE = """
            exists (select from file
                    where file.blob_id = chunk.blob_id and file.branch_id = any(:branches)
                      and file.path <> all(:excluded))
            """;

    private static final RowMapper<Long> ID = (row, _) -> row.getLong("id");

    private final JdbcClient jdbc;
    private final TransactionTemplate snapshot;
    private final int searchEffort;

    ChunkQueries(JdbcClient jdbc, TransactionTemplate snapshot, int searchEffort) {
        this.jdbc = jdbc;
        this.snapshot = snapshot;
        this.searchEffort = searchEffort;
    }

    /** Runs {@code queries} against one state of the index, whatever is published meanwhile. */
    public <T> T consistently(Supplier<T> queries) {
        return Objects.requireNonNull(snapshot.execute(_ -> queries.get()));
    }

    /** The branches to search; a repository without one is not indexed yet. */
    public List<SearchableBranch> branches(Collection<UUID> repositoryIds) {
        return jdbc.sql("""
                select branch.id, branch.repository_id, branch.embedding_model
                from branch join repository on repository.id = branch.repository_id
                where repository.id = any(:ids)
                """)
                .param("ids", repositoryIds.toArray(UUID[]::new))
                .query((row, _) -> new SearchableBranch(
                        row.getLong("id"),
                        row.getObject("repository_id", UUID.class),
                        row.getString("embedding_model")))
                .list();
    }

    /** The names of those repositories that have been heard of. */
    public Map<UUID, String> names(Collection<UUID> repositoryIds) {
        Map<UUID, String> names = new HashMap<>();
        jdbc.sql("select id, name from repository where id = any(:ids)")
                .param("ids", repositoryIds.toArray(UUID[]::new))
                .query(row -> {
                    names.put(row.getObject("id", UUID.class), row.getString("name"));
                });
        return names;
    }

    /** Chunks whose vectors are nearest to {@code vector}. */
    public List<Long> nearest(SearchScope scope, float[] vector, double distanceMax, int limit) {
        // The filter on branches applies after the vector index: without iteration it could leave too few rows.
        jdbc.sql("select set_config('hnsw.iterative_scan', 'strict_order', true), "
                        + "set_config('hnsw.ef_search', :effort, true)")
                .param("effort", Integer.toString(searchEffort))
                .query()
                .singleRow();
        return within(
                        jdbc.sql(
                                "select id from (select id, embedding <=> :vector::halfvec as distance from chunk where "
                                        + VISIBLE
                                        + " order by embedding <=> :vector::halfvec limit :limit) as nearest where distance <= :distanceMax"
                                        + " order by distance"),
                        scope)
                .param("vector", HalfVector.literal(vector))
                .param("distanceMax", distanceMax)
                .param("limit", limit)
                .query(ID)
                .list();
    }

    /** Chunks that hold any of {@code terms}, those with more and rarer places first. */
    public List<Long> withTerms(SearchScope scope, List<String> terms, int limit) {
        if (terms.isEmpty()) {
            return List.of();
        }
        // Terms are letters and digits alone, so that quoting them is all that the query syntax needs.
        String query =
                String.join(" | ", terms.stream().map(term -> "'" + term + "'").toList());
        return within(
                        jdbc.sql(
                                "select id from chunk where terms @@ :query::tsquery and " + VISIBLE
                                        + " order by ts_rank('{0.1, 0.3, 0.4, 1.0}', terms, :query::tsquery, 1) desc, id limit :limit"),
                        scope)
                .param("query", query)
                .param("limit", limit)
                .query(ID)
                .list();
    }

    /** Chunks whose symbol contains {@code part}, shorter symbols first. */
    public List<Long> withSymbolLike(SearchScope scope, String part, int limit) {
        String pattern = "%" + part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
        return within(
                        jdbc.sql("select id from chunk where symbol ilike :pattern and " + VISIBLE
                                + " order by length(symbol), id limit :limit"),
                        scope)
                .param("pattern", pattern)
                .param("limit", limit)
                .query(ID)
                .list();
    }

    /** Chunks that define {@code name}, whole definitions before the parts of others. */
    public List<Long> defining(SearchScope scope, String name, int limit) {
        return within(
                        jdbc.sql(
                                "select id from chunk where defined_names @> array[:name]::text[] and " + VISIBLE
                                        + " order by (symbol = :name or symbol like '%.' || :name) is true desc, id limit :limit"),
                        scope)
                .param("name", name)
                .param("limit", limit)
                .query(ID)
                .list();
    }

    /** Chunks that use {@code name} and do not define it. */
    public List<Long> using(SearchScope scope, String name, int limit) {
        return within(
                        jdbc.sql("select id from chunk where used_names @> array[:name]::text[]"
                                + " and not defined_names @> array[:name]::text[] and " + VISIBLE
                                + " order by (kind = 'imports'), id limit :limit"),
                        scope)
                .param("name", name)
                .param("limit", limit)
                .query(ID)
                .list();
    }

    /** Chunks of files whose path matches {@code pathPattern}, a POSIX regular expression: shallow files first. */
    public List<Long> inFiles(SearchScope scope, String pathPattern, int limit) {
        return within(jdbc.sql("""
                select chunk.id
                from file join chunk on chunk.blob_id = file.blob_id
                where file.branch_id = any(:branches) and file.path <> all(:excluded) and file.path ~* :pattern
                order by length(file.path) - length(replace(file.path, '/', '')), file.path, chunk.ordinal
                limit :limit
                """), scope)
                .param("pattern", pathPattern)
                .param("limit", limit)
                .query(ID)
                .list();
    }

    /** The chunks of {@code ids} in that order, once for each repository that holds them. */
    public List<FoundChunk> load(SearchScope scope, List<Long> ids) {
        Map<Long, List<FoundChunk>> byId = new HashMap<>();
        within(jdbc.sql("""
                select distinct on (chunk.id, repository.id)
                       chunk.id, repository.id as repository_id, repository.name, branch.commit_id, file.path,
                       blob.language, chunk.symbol, chunk.kind, chunk.start_line, chunk.end_line, chunk.content
                from chunk
                join blob on blob.id = chunk.blob_id
                join file on file.blob_id = chunk.blob_id
                join branch on branch.id = file.branch_id
                join repository on repository.id = branch.repository_id
                where chunk.id = any(:ids) and branch.id = any(:branches) and file.path <> all(:excluded)
                order by chunk.id, repository.id, length(file.path), file.path
                """), scope)
                .param("ids", ids.toArray(Long[]::new))
                .query((row, _) -> found(row))
                .list()
                .forEach(found ->
                        byId.computeIfAbsent(found.id(), _ -> new ArrayList<>()).add(found));
        return ids.stream()
                .flatMap(id -> byId.getOrDefault(id, List.of()).stream())
                .toList();
    }

    private static StatementSpec within(StatementSpec statement, SearchScope scope) {
        return statement
                .param("branches", scope.branchIds().toArray(Long[]::new))
                .param("excluded", scope.excludedPaths().toArray(String[]::new));
    }

    private static FoundChunk found(ResultSet row) throws SQLException {
        return new FoundChunk(
                row.getLong("id"),
                new CodeChunk(
                        row.getObject("repository_id", UUID.class),
                        row.getString("name"),
                        new CommitId(row.getString("commit_id")),
                        row.getString("path"),
                        row.getString("language"),
                        row.getString("symbol"),
                        row.getString("kind"),
                        row.getInt("start_line"),
                        row.getInt("end_line"),
                        row.getString("content")));
    }
}
