package dev.guildhall.platform.repository;

import dev.guildhall.contract.Failure;
import dev.guildhall.contract.RepositoryRef;
import dev.guildhall.contract.event.IndexProgress;
import dev.guildhall.platform.problem.ErrorCode;
import dev.guildhall.platform.problem.GuildhallException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** All registered repositories. */
public class Repositories {

    private static final String SELECT = """
            select r.*, i.state as index_state, i.commit_id, i.files_total, i.files_done, i.files_skipped, i.chunks,
                   i.failure, i.updated_at
            from repository r left join repository_index i on i.repository_id = r.id
            """;

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final SecretBox secrets;

    Repositories(JdbcClient jdbc, JsonMapper json, SecretBox secrets) {
        this.jdbc = jdbc;
        this.json = json;
        this.secrets = secrets;
    }

    public List<Repository> findAll() {
        return jdbc.sql(SELECT + " order by lower(r.name)").query(this::row).list();
    }

    public Optional<Repository> find(UUID id) {
        return jdbc.sql(SELECT + " where r.id = :id")
                .param("id", id)
                .query(this::row)
                .optional();
    }

    /** @throws GuildhallException {@code repository-not-found} */
    public Repository require(UUID id) {
        return find(id).orElseThrow(() -> new GuildhallException(
                ErrorCode.REPOSITORY_NOT_FOUND, "repository %s is not registered: add it first".formatted(id)));
    }

    /** The secret under which the repository's forge signs its webhooks. */
    public Optional<String> findWebhookSecret(UUID id) {
        return jdbc.sql("select webhook_secret from repository where id = :id")
                .param("id", id)
                .query(byte[].class)
                .optional()
                .map(box -> secrets.open(id, box));
    }

    void add(Repository repository, String webhookSecret) {
        RepositoryRef ref = repository.ref();
        try {
            jdbc.sql("""
                    insert into repository (id, name, forge, location, default_branch, webhook_secret, created_at)
                    values (:id, :name, :forge, :location, :branch, :secret, :createdAt)
                    """)
                    .param("id", ref.id())
                    .param("name", ref.name())
                    .param("forge", ref.forge().name().toLowerCase(Locale.ROOT))
                    .param("location", ref.location())
                    .param("branch", ref.defaultBranch())
                    .param("secret", secrets.seal(ref.id(), webhookSecret))
                    .param("createdAt", Timestamp.from(repository.createdAt()))
                    .update();
        } catch (DuplicateKeyException exception) {
            throw new GuildhallException(
                    ErrorCode.REPOSITORY_NAME_TAKEN,
                    "a repository named '%s' is registered: choose another name, or remove that one"
                            .formatted(ref.name()),
                    exception);
        }
    }

    /** False where there is none. */
    boolean remove(UUID id) {
        return jdbc.sql("delete from repository where id = :id").param("id", id).update() == 1;
    }

    /** Keeps the newest of what the indexer said; nothing for a repository that is not registered. */
    void record(IndexProgress progress) {
        jdbc.sql("""
                insert into repository_index (repository_id, state, commit_id, files_total, files_done, files_skipped,
                                              chunks, failure, updated_at)
                select id, :state, :commit, :total, :done, :skipped, :chunks, cast(:failure as json), :at
                from repository where id = :repository
                on conflict (repository_id) do update set
                    state = excluded.state, commit_id = excluded.commit_id, files_total = excluded.files_total,
                    files_done = excluded.files_done, files_skipped = excluded.files_skipped,
                    chunks = excluded.chunks, failure = excluded.failure, updated_at = excluded.updated_at
                where repository_index.updated_at <= excluded.updated_at
                """)
                .param("repository", progress.repositoryId())
                .param("state", progress.state().name().toLowerCase(Locale.ROOT))
                .param(
                        "commit",
                        progress.commit() == null ? null : progress.commit().value())
                .param("total", progress.filesTotal())
                .param("done", progress.filesDone())
                .param("skipped", progress.filesSkipped())
                .param("chunks", progress.chunks())
                .param("failure", progress.failure() == null ? null : json.writeValueAsString(progress.failure()))
                .param("at", Timestamp.from(progress.occurredAt()))
                .update();
    }

    private Repository row(ResultSet row, int number) throws SQLException {
        RepositoryRef ref = new RepositoryRef(
                row.getObject("id", UUID.class),
                row.getString("name"),
                RepositoryRef.Forge.valueOf(row.getString("forge").toUpperCase(Locale.ROOT)),
                row.getString("location"),
                row.getString("default_branch"));
        return new Repository(ref, row.getTimestamp("created_at").toInstant(), index(row));
    }

    private RepositoryIndex index(ResultSet row) throws SQLException {
        String state = row.getString("index_state");
        if (state == null) {
            return RepositoryIndex.NONE;
        }
        return new RepositoryIndex(
                RepositoryIndex.State.valueOf(state.toUpperCase(Locale.ROOT)),
                row.getString("commit_id"),
                row.getInt("files_total"),
                row.getInt("files_done"),
                row.getInt("files_skipped"),
                row.getInt("chunks"),
                failure(row.getString("failure")),
                row.getTimestamp("updated_at").toInstant());
    }

    private @Nullable Failure failure(@Nullable String text) {
        return text == null ? null : json.readValue(text, Failure.class);
    }
}
