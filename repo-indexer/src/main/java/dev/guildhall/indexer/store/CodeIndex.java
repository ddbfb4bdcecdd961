package dev.guildhall.indexer.store;

import dev.guildhall.contract.CommitId;
import dev.guildhall.contract.RepositoryRef;
import dev.guildhall.indexer.chunk.CodeTerms;
import dev.guildhall.indexer.chunk.SourceChunk;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The writing side of the index.
 *
 * <p>Contents are added first, seen by nobody; then one transaction makes a branch point at the files of its new commit.
 * A searcher sees the old commit or the new one, never a mixture.
 */
public final class CodeIndex {

    private static final int BATCH_ROWS = 500;

    private final JdbcClient jdbc;
    private final JdbcTemplate batches;
    private final TransactionTemplate transactions;

    CodeIndex(JdbcClient jdbc, JdbcTemplate batches, TransactionTemplate transactions) {
        this.jdbc = jdbc;
        this.batches = batches;
        this.transactions = transactions;
    }

    public void register(RepositoryRef repository) {
        jdbc.sql("""
                insert into repository (id, name, forge, location, default_branch)
                values (:id, :name, :forge, :location, :defaultBranch)
                on conflict (id) do update
                set name = excluded.name, forge = excluded.forge, location = excluded.location,
                    default_branch = excluded.default_branch
                """)
                .param("id", repository.id())
                .param("name", repository.name())
                .param("forge", repository.forge().name())
                .param("location", repository.location())
                .param("defaultBranch", repository.defaultBranch())
                .update();
    }

    /** Forgets a repository; what it alone held is removed by the next {@link #removeUnused}. */
    public void remove(UUID repositoryId) {
        jdbc.sql("delete from repository where id = :id")
                .param("id", repositoryId)
                .update();
    }

    public Optional<RepositoryRef> repository(UUID repositoryId) {
        return jdbc.sql("select id, name, forge, location, default_branch from repository where id = :id")
                .param("id", repositoryId)
                .query((row, _) -> new RepositoryRef(
                        row.getObject("id", UUID.class),
                        row.getString("name"),
                        RepositoryRef.Forge.valueOf(row.getString("forge")),
                        row.getString("location"),
                        row.getString("default_branch")))
                .optional();
    }

    /** Repositories whose default branch is indexed by another edition than {@code current}. */
    public List<UUID> repositoriesOfOtherEditions(IndexEdition current) {
        return jdbc.sql("""
                select distinct repository_id from branch
                where (embedding_model, chunker_version) is distinct from (:model, :version)
                """)
                .param("model", current.embeddingModel())
                .param("version", current.chunkerVersion())
                .query((row, _) -> row.getObject("repository_id", UUID.class))
                .list();
    }

    public Optional<IndexedBranch> branch(UUID repositoryId, String name) {
        return jdbc.sql("select * from branch where repository_id = :repositoryId and name = :name")
                .param("repositoryId", repositoryId)
                .param("name", name)
                .query((row, _) -> {
                    @Nullable String commit = row.getString("commit_id");
                    return new IndexedBranch(
                            commit == null ? null : new CommitId(commit),
                            new IndexEdition(row.getString("embedding_model"), row.getInt("chunker_version")),
                            row.getInt("files_indexed"),
                            row.getInt("files_skipped"),
                            row.getInt("chunks"));
                })
                .optional();
    }

    public List<IndexedFile> files(UUID repositoryId, String branch) {
        return jdbc.sql("""
                select file.path, file.git_blob, file.blob_id, file.skip_reason
                from file join branch on branch.id = file.branch_id
                where branch.repository_id = :repositoryId and branch.name = :branch
                """)
                .param("repositoryId", repositoryId)
                .param("branch", branch)
                .query((row, _) -> new IndexedFile(
                        row.getString("path"),
                        row.getString("git_blob"),
                        row.getObject("blob_id", Long.class),
                        row.getString("skip_reason")))
                .list();
    }

    /** The content, if any repository has it already; it is then safe from {@link #removeUnused} for a while. */
    public Optional<Long> findContent(ContentKey key, IndexEdition edition) {
        return jdbc.sql("""
                update blob set used_at = now()
                where content_sha256 = :sha256 and language = :language
                  and embedding_model = :model and chunker_version = :version
                returning id
                """)
                .param("sha256", key.bytes())
                .param("language", key.language())
                .param("model", edition.embeddingModel())
                .param("version", edition.chunkerVersion())
                .query(Long.class)
                .optional();
    }

    /** Adds a content with all its chunks, or finds that another run just did. */
    public long addContent(ContentKey key, IndexEdition edition, List<EmbeddedChunk> chunks) {
        return Objects.requireNonNull(transactions.execute(_ -> {
            Optional<Long> added = jdbc.sql("""
                    insert into blob (content_sha256, language, embedding_model, chunker_version)
                    values (:sha256, :language, :model, :version)
                    on conflict do nothing
                    returning id
                    """)
                    .param("sha256", key.bytes())
                    .param("language", key.language())
                    .param("model", edition.embeddingModel())
                    .param("version", edition.chunkerVersion())
                    .query(Long.class)
                    .optional();
            if (added.isEmpty()) {
                return findContent(key, edition).orElseThrow();
            }
            addChunks(added.get(), chunks);
            return added.get();
        }));
    }

    private void addChunks(long blobId, List<EmbeddedChunk> chunks) {
        record Row(int ordinal, EmbeddedChunk embedded) {}
        List<Row> rows = new ArrayList<>();
        for (EmbeddedChunk embedded : chunks) {
            rows.add(new Row(rows.size(), embedded));
        }
        batches.batchUpdate(
                """
                insert into chunk (blob_id, ordinal, symbol, kind, scope, start_line, end_line, content, defined_names,
                                   used_names, terms, embedding)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                        setweight(to_tsvector('simple', ?), 'A') || setweight(to_tsvector('simple', ?), 'B')
                            || to_tsvector('simple', ?),
                        ?::halfvec)
                """, rows, BATCH_ROWS, (statement, row) -> setChunk(statement, blobId, row.ordinal(), row.embedded()));
    }

    private static void setChunk(PreparedStatement statement, long blobId, int ordinal, EmbeddedChunk embedded)
            throws SQLException {
        SourceChunk chunk = embedded.chunk();
        String[] defined = chunk.definedNames().toArray(String[]::new);
        String[] used = chunk.usedNames().toArray(String[]::new);
        statement.setLong(1, blobId);
        statement.setInt(2, ordinal);
        statement.setString(3, chunk.symbol());
        statement.setString(4, chunk.kind());
        statement.setString(5, chunk.scope());
        statement.setInt(6, chunk.startLine());
        statement.setInt(7, chunk.endLine());
        statement.setString(8, chunk.content());
        statement.setArray(9, statement.getConnection().createArrayOf("text", defined));
        statement.setArray(10, statement.getConnection().createArrayOf("text", used));
        statement.setString(11, terms(Objects.requireNonNullElse(chunk.symbol(), "")));
        statement.setString(12, terms(chunk.scope()));
        statement.setString(13, terms(chunk.content()));
        statement.setString(14, HalfVector.literal(embedded.vector()));
    }

    private static String terms(String text) {
        return String.join(" ", CodeTerms.of(text));
    }

    /**
     * Makes searches see {@code files} as the whole content of a branch, in one transaction that writes only what
     * differs.
     *
     * @return what the branch holds now; nothing when the repository was removed meanwhile
     */
    public Optional<IndexedBranch> publish(
            UUID repositoryId,
            String branch,
            @Nullable CommitId commit,
            IndexEdition edition,
            Collection<IndexedFile> files,
            int skippedByName) {
        return Objects.requireNonNull(transactions.execute(_ -> {
            boolean registered = jdbc.sql("select 1 from repository where id = :id for share")
                    .param("id", repositoryId)
                    .query(Integer.class)
                    .optional()
                    .isPresent();
            if (!registered) {
                return Optional.empty();
            }
            long branchId = lockBranch(repositoryId, branch, edition);
            writeFiles(branchId, repositoryId, branch, files);
            return Optional.of(writeBranch(branchId, repositoryId, commit, edition, skippedByName));
        }));
    }

    private long lockBranch(UUID repositoryId, String branch, IndexEdition edition) {
        return jdbc.sql("""
                insert into branch (repository_id, name, embedding_model, chunker_version, files_indexed,
                                    files_skipped, chunks)
                values (:repositoryId, :name, :model, :version, 0, 0, 0)
                on conflict (repository_id, name) do update set indexed_at = now()
                returning id
                """)
                .param("repositoryId", repositoryId)
                .param("name", branch)
                .param("model", edition.embeddingModel())
                .param("version", edition.chunkerVersion())
                .query(Long.class)
                .single();
    }

    private void writeFiles(long branchId, UUID repositoryId, String branch, Collection<IndexedFile> files) {
        Map<String, IndexedFile> present = new HashMap<>();
        files(repositoryId, branch).forEach(file -> present.put(file.path(), file));
        List<IndexedFile> changed = files.stream()
                .filter(file -> !file.equals(present.get(file.path())))
                .toList();
        Set<String> gone = new HashSet<>(present.keySet());
        files.forEach(file -> gone.remove(file.path()));
        batches.batchUpdate(
                "delete from file where branch_id = ? and path = ?", gone, BATCH_ROWS, (statement, path) -> {
                    statement.setLong(1, branchId);
                    statement.setString(2, path);
                });
        batches.batchUpdate("""
                insert into file (branch_id, path, git_blob, blob_id, skip_reason) values (?, ?, ?, ?, ?)
                on conflict (branch_id, path) do update
                set git_blob = excluded.git_blob, blob_id = excluded.blob_id, skip_reason = excluded.skip_reason
                """, changed, BATCH_ROWS, (statement, file) -> {
            statement.setLong(1, branchId);
            statement.setString(2, file.path());
            statement.setString(3, file.gitBlob());
            statement.setObject(4, file.blobId(), Types.BIGINT);
            statement.setString(5, file.skipReason());
        });
    }

    private IndexedBranch writeBranch(
            long branchId, UUID repositoryId, @Nullable CommitId commit, IndexEdition edition, int skippedByName) {
        jdbc.sql("delete from branch where repository_id = :repositoryId and id <> :id")
                .param("repositoryId", repositoryId)
                .param("id", branchId)
                .update();
        return jdbc.sql("""
                update branch
                set commit_id = :commit, embedding_model = :model, chunker_version = :version, indexed_at = now(),
                    files_indexed = (select count(*) from file where branch_id = :id and blob_id is not null),
                    files_skipped = :skippedByName
                        + (select count(*) from file where branch_id = :id and skip_reason is not null),
                    chunks = (select count(*) from file join chunk on chunk.blob_id = file.blob_id
                              where file.branch_id = :id)
                where id = :id
                returning files_indexed, files_skipped, chunks
                """)
                .param("id", branchId)
                .param("commit", commit == null ? null : commit.value())
                .param("model", edition.embeddingModel())
                .param("version", edition.chunkerVersion())
                .param("skippedByName", skippedByName)
                .query((row, _) -> new IndexedBranch(
                        commit,
                        edition,
                        row.getInt("files_indexed"),
                        row.getInt("files_skipped"),
                        row.getInt("chunks")))
                .single();
    }

    /** Removes contents that no branch holds, unless they were used so recently that a run may be about to. */
    public int removeUnused(Duration unusedFor) {
        return jdbc.sql("""
                delete from blob
                where used_at < now() - make_interval(secs => :seconds)
                  and not exists (select from file where file.blob_id = blob.id)
                """).param("seconds", (double) unusedFor.toSeconds()).update();
    }
}
